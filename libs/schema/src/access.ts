import type { Change } from './change.js';
import { type EngineObject, type Grant, type ObjectName, pathOf, type Schema } from './model.js';
import { isOwnership, unnamedOwner } from './ownership.js';
import { sidesOf } from './reference.js';
import { grantPath, inOrder, routinePath } from './slot.js';

/** The kind of engine object that says which privileges new objects are made with, for `grantee` and maybe of a `role`. */
const defaults = 'default-privileges';

const namedIn = ({ kind, definition }: EngineObject): readonly string[] =>
  kind === defaults
    ? [definition['grantee'], definition['role']].filter((name): name is string => typeof name === 'string')
    : [];

/** The roles that changes name, in privileges, as owners and in policies, each once; who stands for everybody may be among them. O(changes). */
export const rolesIn = (changes: readonly Change[]): readonly string[] => {
  const found = new Set<string>();
  for (const change of changes) {
    const { before, after } = sidesOf(change);
    for (const side of [before, after]) {
      if (side === undefined) continue;
      if ('grant' in side && side.grant.grantee !== unnamedOwner) found.add(side.grant.grantee);
      if ('value' in side) for (const role of namedIn(side.value)) found.add(role);
      if ('policy' in side) for (const role of side.policy.roles ?? []) found.add(role);
    }
  }
  return [...found].sort();
};

const pathsOf = (schema: Schema): readonly string[] => {
  const rows = [...schema.tables, ...schema.views];
  const columns = rows.flatMap((one) =>
    (one.columns ?? []).map((column) => pathOf(one, typeof column === 'string' ? column : column.name)),
  );
  const whole: readonly ObjectName[] = [...rows, ...schema.sequences, ...schema.types, ...schema.others];
  const namespaces = [...whole, ...schema.routines].flatMap(({ namespace }) => namespace ?? []);
  return [
    ...[...whole, ...schema.namespaces].map((one) => pathOf(one)),
    ...columns,
    ...schema.routines.map(routinePath),
    ...namespaces.map((name) => pathOf({ name })),
  ];
};

const behindWords = (on: string): readonly string[] => [...on.matchAll(/ /gu)].map(({ index }) => on.slice(index + 1));

/**
 * A state with the grants of another one, as far as what they stand on is there: privileges that somebody else manages
 * are neither given nor taken away, and come back where an object is made anew. Default privileges are in neither. O(state
 * + grants).
 */
export const withGrantsOf = (schema: Schema, other: Pick<Schema, 'grants'>): Schema => {
  const stands = standingIn(schema);
  const owners = schema.grants.filter(isOwnership);
  const held = other.grants.filter((grant) => !isOwnership(grant) && stands(grant));
  return { ...withoutDefaults(schema), grants: inOrder([...owners, ...held], grantPath) };
};

/** Tells whether what a grant stands on is there, as far as its path tells. O(state) once. */
export const standingIn = (schema: Schema): ((grant: Grant) => boolean) => {
  const paths = new Set(pathsOf(schema));
  return ({ on }) => [on, ...behindWords(on)].some((path) => paths.has(path));
};

/** A state without what it says of the privileges of new objects. */
const withoutDefaults = <State extends Pick<Schema, 'others'>>(schema: State): State => ({
  ...schema,
  others: schema.others.filter(({ kind }) => kind !== defaults),
});

/** A state whose privileges somebody else manages. */
export const withoutPrivileges = (schema: Schema): Schema => ({
  ...withoutDefaults(schema),
  grants: schema.grants.filter(isOwnership),
});
