import { type Change, type Column, equal, type FindTable, parentsOf, pathOf, tableFinder } from '@dsem/schema';
import type { Operation, Recipe } from '../operation.js';

type ColumnChange = Extract<Change, { readonly from: Column }>;

/** Changes of a column that reach the tables below by themselves. */
const handedDown = new Set<Change['kind']>(['change-column-type', 'set-not-null', 'drop-not-null']);

const isHandedDown = (change: Change): change is ColumnChange => handedDown.has(change.kind);

const keyOf = (kind: string, table: string, column: string): string => JSON.stringify([kind, table, column]);

const ancestorsOf = (path: string, find: FindTable, name: Parameters<FindTable>[0]): readonly string[] => {
  const found = new Set<string>();
  const open = [name];
  for (const one of open) {
    const table = find(one);
    for (const parent of table === undefined ? [] : parentsOf(table)) {
      if (pathOf(parent) === path || found.has(pathOf(parent))) continue;
      found.add(pathOf(parent));
      open.push(parent);
    }
  }
  return [...found];
};

const sameEnd = (one: ColumnChange, other: ColumnChange): boolean =>
  equal(one.to.type, other.to.type) && one.to.nullable === other.to.nullable;

/**
 * Changes of an own column that a parent has as well and that happen to the parent's column too: the engine makes them
 * at the child when it makes them at the parent. By their place among the changes, the place of the parent's. O(changes).
 */
const carriers = ({ changes, from }: Recipe): ReadonlyMap<number, number> => {
  const places = new Map<string, number>();
  changes.forEach((change, at) => {
    if (isHandedDown(change)) places.set(keyOf(change.kind, pathOf(change.table), change.to.name), at);
  });
  const find = tableFinder(from);
  const carried = new Map<number, number>();
  changes.forEach((change, at) => {
    if (!isHandedDown(change)) return;
    const above = ancestorsOf(pathOf(change.table), find, change.table)
      .map((path) => places.get(keyOf(change.kind, path, change.to.name)))
      .find((place) => place !== undefined && sameEnd(changes[place] as ColumnChange, change));
    if (above !== undefined) carried.set(at, above);
  });
  return carried;
};

/** Changes that the engine makes along with another one of the same table, as the dialect says. O(changes of tables). */
const followers = ({ changes, dialect }: Recipe): ReadonlyMap<number, number> => {
  const carried = new Map<number, number>();
  const { follows } = dialect;
  if (follows === undefined) return carried;
  const tables = new Map(
    changes.flatMap((change, at) => (change.kind === 'alter-table' ? [[change.object, at] as const] : [])),
  );
  changes.forEach((change, at) => {
    const follower = change.kind === 'alter-primary-key' ? tables.get(pathOf(change.table)) : undefined;
    if (follower !== undefined && follows(change, changes[follower]!)) carried.set(follower, at);
  });
  return carried;
};

/** The operations of all changes, those that others carry along joined to them. */
export const withCarried = (
  recipe: Recipe,
  operationsOf: (change: Change, origin: number) => readonly Operation[],
): readonly Operation[] => {
  const carried = new Map([...carriers(recipe), ...followers(recipe)]);
  const along = new Map<Change, (readonly [number, Change])[]>();
  for (const [at, above] of carried) {
    const carrier = recipe.changes[above]!;
    along.set(carrier, [...(along.get(carrier) ?? []), [at, recipe.changes[at]!]]);
  }
  return recipe.changes
    .flatMap((change, origin) => (carried.has(origin) ? [] : operationsOf(change, origin)))
    .map((one) => {
      const joined = along.get(one.rendered);
      if (joined === undefined) return one;
      return { ...one, changes: [...one.changes, ...joined.map(([, change]) => change)], carried: joined };
    });
};
