import type { Target } from '@dsem/events';
import { Refusal } from '@dsem/schema';
import type { EnvironmentState, Revision } from '../environment/environment.js';
import { currentDigest, occupiedBy } from '../environment/holding.js';
import { isBegun, wentForward, type RolloutState } from './rollout-state.js';

/** Thrown when a rollout is to be taken back in an environment whose database a newer migration has changed since. */
export class RollbackUnderNewer extends Refusal {
  readonly code = 'DSEM-4018';
  readonly title = 'A newer migration stands above it';
  readonly fix =
    'Roll back what is named first, in that order, then this one; or name only `environments` where nothing stands above it.';
}

/** What changed a database later: it came to its end there, or has begun and nobody took it back. */
export interface Newer extends Pick<Revision, 'subject' | 'migration' | 'version'> {
  readonly unfinished?: true;
}

/** By environment: what stands above a rollout there, newest first; those with nothing are left out. */
export type Above = ReadonlyMap<string, readonly Newer[]>;

/** A rollout with the moment at which it was last sent forward to an environment; undefined where it never was. */
export interface Sent {
  readonly rollout: RolloutState;
  readonly sent: (environment: string) => bigint | undefined;
}

const aboveIn = (state: EnvironmentState, { rollout, subject }: RolloutState, target: Target): readonly Revision[] => {
  const { standing, engine } = state;
  const at = standing.findIndex((each) => each.rollout === rollout);
  if (at >= 0) return standing.slice(at + 1).toReversed();
  if (engine === undefined) return [];
  // It never came to its end there, so that the database is where it was when this one began, or was changed since.
  const isThere = currentDigest(state, subject, engine) === target.from && !occupiedBy(state, subject, engine);
  return isThere ? [] : standing.slice(-1);
};

/** What was sent there later and has begun; where something stands above that in turn, that comes first. */
const begunIn = (state: EnvironmentState, own: Sent, others: readonly Sent[]): readonly Newer[] => {
  const { name, standing } = state;
  const since = (each: Sent): bigint => each.sent(name) ?? 0n;
  return others
    .flatMap((each) => {
      const target = each.rollout.targets[name];
      const came = standing.some(({ rollout }) => rollout === each.rollout.rollout);
      if (target === undefined || came || !isBegun(target) || since(each) <= since(own)) return [];
      return aboveIn(state, each.rollout, target.target).length > 0 ? [] : [{ each, target }];
    })
    .sort((a, b) => (since(a.each) < since(b.each) ? 1 : -1))
    .map(({ each: { rollout }, target: { target } }) => ({
      subject: rollout.subject,
      migration: rollout.migration,
      ...(target.toVersion === undefined ? {} : { version: target.toVersion }),
      unfinished: true,
    }));
};

/**
 * What stands above a rollout, where it has changed a database that was not taken back: what came to its end there
 * since, and of `others` what has begun there since.
 */
export const standingAbove = (
  own: Sent,
  environments: ReadonlyMap<string, EnvironmentState>,
  others: readonly Sent[],
): Above =>
  new Map(
    Object.values(own.rollout.targets).flatMap((target) => {
      const state = environments.get(target.target.environment);
      if (state === undefined || !wentForward(target)) return [];
      const above = [...begunIn(state, own, others), ...aboveIn(state, own.rollout, target.target)];
      return above.length === 0 ? [] : [[target.target.environment, above] as const];
    }),
  );

/** What stands above as a sentence's part, for each environment in the order of taking it back. */
export const aboveTold = (above: Above): string =>
  [...above]
    .map(([environment, newer]) => {
      const what = newer.map(({ migration, subject, version, unfinished }) =>
        [
          `migration ${migration}`,
          version === undefined ? undefined : `to ${subject} ${version}`,
          unfinished && 'which has begun there and not come to its end',
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      );
      return `${environment} was changed since by ${what.join(', and before that by ')}`;
    })
    .join('; ');
