import { digest, emptySchema, type EngineName } from '@dsem/schema';
import type { EnvironmentState, Revision } from './environment.js';

/** The digest a subject has in an environment; an untouched database has the empty state's. */
export const currentDigest = (state: EnvironmentState, subject: string, engine: EngineName): string =>
  state.revisions[subject]?.digest ?? digest(emptySchema(engine));

/** Environments by what they hold of a subject: those that hold the same have the same way before them. */
export const groupByDigest = (
  states: readonly EnvironmentState[],
  subject: string,
  engine: EngineName,
): ReadonlyMap<string, readonly EnvironmentState[]> => {
  const groups = new Map<string, EnvironmentState[]>();
  for (const state of states) {
    const from = currentDigest(state, subject, engine);
    groups.set(from, [...(groups.get(from) ?? []), state]);
  }
  return groups;
};

const told = ({ subject, version }: Revision): string =>
  [subject, version].filter((part) => part !== undefined).join(' ');

/** The schemas that an environment's database holds, each with its version. */
export const heldIn = ({ revisions, engine }: EnvironmentState): readonly string[] => {
  const nothing = engine === undefined ? undefined : digest(emptySchema(engine));
  return Object.values(revisions)
    .filter((each) => each.digest !== nothing)
    .map(told);
};

/**
 * Why a subject has no place in an environment: plans and their checks are about a whole database, so that one that
 * another subject holds is never where a plan of this one starts. Undefined where the database is its own, or empty.
 */
export const occupiedBy = ({ name, revisions }: EnvironmentState, subject: string, engine: EngineName) => {
  const nothing = digest(emptySchema(engine));
  const other = Object.values(revisions).find((each) => each.subject !== subject && each.digest !== nothing);
  return other && `${name} holds ${told(other)}`;
};
