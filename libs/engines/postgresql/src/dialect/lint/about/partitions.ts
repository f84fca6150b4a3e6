import type { Full } from '../../parse/names.js';
import type { ConstraintFacts, CreateIndex } from '../acts.js';
import { indexesOf, type KnownTable, tableKey, type World } from '../world/world.js';

/** The partitions of a table that hold rows, of every level. O(tables) per level. */
const leavesOf = (world: World, table: Full): readonly KnownTable[] => {
  const key = tableKey(world, table);
  const children = [...world.tables.values()].filter(
    ({ partitionOf }) => partitionOf !== undefined && tableKey(world, partitionOf) === key,
  );
  return children.flatMap((child) => (child.partitioned ? leavesOf(world, child.name) : [child]));
};

const sameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** The partitions of a partitioned table where all of them are known and something holds for each. */
const holdsBelow = (world: World, table: Full, holds: (leaf: KnownTable) => boolean): boolean =>
  world.closed && world.tables.get(tableKey(world, table))?.partitioned === true && leavesOf(world, table).every(holds);

/** Whether every partition has the index already: the server takes those for the parts of the whole and builds nothing. */
export const isIndexedBelow = (world: World, act: CreateIndex): boolean =>
  !act.only &&
  holdsBelow(world, act.table, ({ name }) =>
    indexesOf(world, name).some(
      (index) =>
        index.valid &&
        index.unique === act.unique &&
        index.distinct === act.distinct &&
        sameList(index.keys, act.keys) &&
        sameList(index.includes, act.includes),
    ),
  );

/** The same for a key. */
export const hasKeyBelow = (world: World, table: Full, key: Pick<ConstraintFacts, 'kind' | 'columns'>): boolean =>
  holdsBelow(
    world,
    table,
    ({ name, constraints }) =>
      constraints.some(({ kind }) => kind === key.kind) &&
      indexesOf(world, name).some((index) => index.constraint && index.valid && sameList(index.keys, key.columns)),
  );
