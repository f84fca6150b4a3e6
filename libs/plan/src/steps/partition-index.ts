import {
  type Change,
  type ChangeOf,
  equal,
  type Index,
  isChildOf,
  type ObjectName,
  parentsOf,
  pathOf,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

type Make = ChangeOf<'create-index' | 'add-unique' | 'add-primary-key'>;

/** Whether a table stays where it is below its parents while the plan runs. */
const stays = (name: ObjectName, { from, to }: Recipe): boolean => {
  const [before, after] = [from, to].map((state) => tableFinder(state)(name));
  if (!before || !after) return false;
  return equal(before.partitionOf, after.partitionOf) && parentsOf(after).every((parent) => isChildOf(before, parent));
};

/** Whether a table is a partitioned one before and after. */
export const isPartitioned = (table: ObjectName, { from, to }: Recipe): boolean =>
  tableFinder(from)(table)?.partitioning !== undefined && tableFinder(to)(table)?.partitioning !== undefined;

/** Builds the index on each partition that holds rows, while everyone goes on. */
const builds = (change: Make, index: Index, origin: number, recipe: Recipe): readonly Operation[] => {
  const copies = recipe.dialect.partitionCopies?.(change.table, index.name, recipe.to) ?? [];
  return copies
    .filter(({ table }) => stays(table, recipe))
    .map(({ table, name }) =>
      operation({ kind: 'create-index', object: pathOf(table, name), table, index: { ...index, name } }, origin),
    );
};

const isSpread = (change: Make, recipe: Recipe): boolean =>
  recipe.style === 'online' &&
  recipe.dialect.capabilities.onlineIndexBuild &&
  isPartitioned(change.table, recipe) &&
  !recipe.isNew(change.table);

/** The server takes the partitions' finished indexes for its own, so that the last change builds nothing. */
const joined = (change: Make, made: readonly Operation[], origin: number): Operation => ({
  changes: [...made.map(({ rendered }) => taken(rendered)), change],
  rendered: change,
  origin,
  rank: ranks.attachKey,
});

const taken = (change: Change): Change => ({ ...change, kind: 'drop-index' }) as Change;

/** An index as one statement makes it. */
export const builtOf = (index: Index, { dialect }: Recipe): Index => {
  if (dialect.asBuilt) return dialect.asBuilt(index);
  const { comment: _, ...rest } = index;
  return rest;
};

/** An index of a partitioned table cannot be built online as a whole; those of its partitions can. */
export const indexPartitions = (
  change: ChangeOf<'create-index'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] | undefined => {
  if (!isSpread(change, recipe)) return undefined;
  const index = builtOf(change.index, recipe);
  const made = builds(change, index, origin, recipe);
  return [...made, joined(change, made, origin)];
};

/** The same for a key: unique indexes of the partitions become their keys in the step that makes the whole one. */
export const keyPartitions = (
  change: ChangeOf<'add-unique' | 'add-primary-key'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] | undefined => {
  if (!isSpread(change, recipe) || !recipe.dialect.capabilities.keyFromIndex) return undefined;
  const key = change.kind === 'add-unique' ? change.unique : change.primaryKey;
  if (key.attributes !== undefined) return undefined;
  const index: Index = { name: key.name, keys: key.columns.map((column) => ({ column })), unique: true };
  const made = builds(change, index, origin, recipe);
  return [...made, joined(change, made, origin)];
};

/** Whether a foreign key of a partitioned table can be checked later on the target. */
export const checksLater = (table: ObjectName, recipe: Recipe): boolean => {
  const partitioned: Table | undefined = tableFinder(recipe.to)(table);
  if (partitioned?.partitioning === undefined) return true;
  const since = recipe.dialect.capabilities.notValidOnPartitioned;
  return since !== undefined && Number(recipe.version) >= Number(since);
};

const shapeOf = ({ name: _, comment: __, ...index }: Index): Partial<Index> => index;

/** Whether a partition's own index gives way to one of the whole table, which would otherwise take it for its part. */
export const isReplacedAbove = ({ table, index }: ChangeOf<'drop-index'>, recipe: Recipe): boolean => {
  const find = tableFinder(recipe.to);
  const above = new Set<string>();
  for (let one = find(table)?.partitionOf; one !== undefined; one = find(one)?.partitionOf) above.add(pathOf(one));
  return recipe.changes.some(
    (change) =>
      change.kind === 'create-index' && above.has(pathOf(change.table)) && equal(shapeOf(change.index), shapeOf(index)),
  );
};
