import { type ObjectName, pathOf } from './model.js';
import type { RenameHint } from './rename-hint.js';

type Named = Pick<RenameHint, 'table' | 'column'>;

const keyOf = ({ table, column }: Named): string => JSON.stringify([table.namespace, table.name, column]);

/** The name that a table had before the hints, and the one it has after them. */
const tablesOf = (
  hints: readonly RenameHint[],
): { readonly before: (table: ObjectName) => ObjectName; readonly after: (table: ObjectName) => ObjectName } => {
  const renamed = hints.filter(({ column }) => column === undefined);
  const back = new Map(renamed.map(({ table, was }) => [pathOf(table), was]));
  const on = new Map(renamed.map(({ table, was }) => [pathOf(was), table]));
  return { before: (table) => back.get(pathOf(table)) ?? table, after: (table) => on.get(pathOf(table)) ?? table };
};

/** What a hint is about, by the name from before it. */
const earlier = ({ table, column, was }: RenameHint, before: (table: ObjectName) => ObjectName): Named =>
  column === undefined ? { table: was } : { table: before(table), column: was.name };

const joined = (first: readonly RenameHint[], second: readonly RenameHint[]): readonly RenameHint[] => {
  const { before, after } = tablesOf(second);
  const names = new Map(first.map((hint) => [keyOf(hint), hint.was]));
  const goneOn = new Set(second.map((hint) => keyOf(earlier(hint, before))));
  return [
    ...first
      .filter((hint) => !goneOn.has(keyOf(hint)))
      .map((hint) => (hint.column === undefined ? hint : { ...hint, table: after(hint.table) })),
    ...second.map((hint) => ({ ...hint, was: names.get(keyOf(earlier(hint, before))) ?? hint.was })),
  ];
};

/** Several versions' renames as if they were one step, oldest first. O(hints x versions). */
const chained = (versions: readonly (readonly RenameHint[])[]): readonly RenameHint[] => versions.reduce(joined, []);

/** The renames of the way back. */
const reversed = (hints: readonly RenameHint[]): readonly RenameHint[] => {
  const { before } = tablesOf(hints);
  return hints.map((hint) =>
    hint.column === undefined
      ? { table: hint.was, was: hint.table }
      : { ...earlier(hint, before), was: { name: hint.column } },
  );
};

/** What one version of a subject says of the names in the version before it; by full names, as `openHints` gives them. */
export interface ToldRenames {
  readonly number: number;
  readonly renamedFrom: readonly RenameHint[];
}

/**
 * What the versions between two of one subject say together, forward or back; where the first one is not a version, what
 * the last one says by itself. O(hints x versions).
 */
export const hintsBetween = (
  versions: readonly ToldRenames[],
  from: number | undefined,
  to: number,
): readonly RenameHint[] => {
  if (from === undefined) return versions.find(({ number }) => number === to)?.renamedFrom ?? [];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const told = chained(
    versions
      .filter(({ number }) => number > low && number <= high)
      .toSorted((one, other) => one.number - other.number)
      .map(({ renamedFrom }) => renamedFrom),
  );
  return from <= to ? told : reversed(told);
};
