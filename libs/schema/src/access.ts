import type { Change } from './change.js';
import { type Grant, type ObjectName, pathOf, type Schema } from './model.js';
import { sidesOf } from './reference.js';
import { routinePath } from './slot.js';

/** The roles that changes name, in grants and policies, each once; who stands for everybody may be among them. O(changes). */
export const rolesIn = (changes: readonly Change[]): readonly string[] => {
  const found = new Set<string>();
  for (const change of changes) {
    const { before, after } = sidesOf(change);
    for (const side of [before, after]) {
      if (side === undefined) continue;
      if ('grant' in side) found.add(side.grant.grantee);
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
 * are neither given nor taken away, and come back where an object is made anew. O(state + grants).
 */
export const withGrantsOf = (schema: Schema, other: Pick<Schema, 'grants'>): Schema => {
  const paths = new Set(pathsOf(schema));
  const stands = ({ on }: Grant): boolean => [on, ...behindWords(on)].some((path) => paths.has(path));
  return { ...schema, grants: other.grants.filter(stands) };
};
