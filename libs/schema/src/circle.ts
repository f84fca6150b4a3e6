import type { Check, Index, Routine, Schema, Table } from './model.js';
import { pathOf } from './model.js';
import type { ReadUses } from './change-order.js';
import { type Reference, relationReference, routineReference, typeReference } from './reference.js';
import { routinePath } from './slot.js';

/** A table without the parts that call routines which take the table's rows, and those parts. */
export interface ApartFromCallers {
  readonly table: Table;
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
}

const known = new WeakMap<readonly Routine[], ReadonlyMap<Reference, readonly Reference[]>>();

/** For each row type and relation the names of the routines that need it. */
const takersOf = (routines: readonly Routine[], uses: ReadUses): ReadonlyMap<Reference, readonly Reference[]> => {
  const found = known.get(routines);
  if (found) return found;
  const takers = new Map<Reference, Reference[]>();
  for (const routine of routines) {
    const hard = uses?.({ kind: 'create-routine', object: routinePath(routine), routine }).hard ?? [];
    for (const one of new Set(hard)) takers.set(one, [...(takers.get(one) ?? []), routineReference(routine)]);
  }
  known.set(routines, takers);
  return takers;
};

/**
 * Routines that take the rows of a table come after it; checks and indexes that call them come after both. O(parts of the
 * table) where such routines are, after O(routines) once per state.
 */
export const apartFromCallers = (
  table: Table,
  { routines }: Pick<Schema, 'routines'>,
  uses: ReadUses,
): ApartFromCallers => {
  const takers = routines.length === 0 ? undefined : takersOf(routines, uses);
  const after = new Set([typeReference(table), relationReference(table)].flatMap((one) => takers?.get(one) ?? []));
  if (after.size === 0) return { table, checks: [], indexes: [] };
  const calls = (hard: readonly Reference[] = []): boolean => hard.some((one) => after.has(one));
  const checks = table.checks.filter((check) =>
    calls(uses?.({ kind: 'add-check', object: pathOf(table, check.name), table, check }).hard),
  );
  const indexes = table.indexes.filter((index) =>
    calls(uses?.({ kind: 'create-index', object: pathOf(table, index.name), table, index }).hard),
  );
  const rest = <Part>(all: readonly Part[], apart: readonly Part[]): readonly Part[] =>
    all.filter((one) => !apart.includes(one));
  return {
    table: { ...table, checks: rest(table.checks, checks), indexes: rest(table.indexes, indexes) },
    checks,
    indexes,
  };
};
