import { type ChangeOf, equal, type Index, pathOf, replacementName, retiredName, tableFinder } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { joinsParent } from './column.js';
import { builtOf, indexPartitions, isPartitioned, isReplacedAbove } from './partition-index.js';

type Create = ChangeOf<'create-index'>;
type Drop = ChangeOf<'drop-index'>;

/** Indexes of constraints, which can only be made with them. */
const isBound = ({ attributes }: Index): boolean => attributes?.['exclusion'] === true;

/** Whether an index gets another definition: the new one is built before the old one goes, so that queries keep theirs. */
const isReplacement = ({ kind, object, table, index }: Create | Drop, recipe: Recipe): boolean => {
  const { onlineIndexBuild, indexRename } = recipe.dialect.capabilities;
  if (recipe.style === 'offline' || !onlineIndexBuild || indexRename !== true) return false;
  if (recipe.isNew(table) || isPartitioned(table, recipe) || isBound(index) || index.valid === false) return false;
  return recipe.changes.some(
    (other) =>
      (other.kind === 'create-index' || other.kind === 'drop-index') &&
      other.kind !== kind &&
      other.object === object &&
      !isBound(other.index) &&
      other.index.valid !== false,
  );
};

/** Both indexes change names in one moment, where the table is lost to others without one of that name. */
const swap = ({ object, table, index }: Create | Drop, { dialect, from, to }: Recipe): Partial<Operation> => {
  const isRelied = [from, to].some((state) => {
    const found = tableFinder(state)(table);
    return found !== undefined && dialect.reliesOn?.(found, index.name) === true;
  });
  return isRelied ? { together: `index ${object}` } : {};
};

/** The new index is built under a name of its own and takes the old one's when that is gone. */
const replace = (change: Create, origin: number, recipe: Recipe): readonly Operation[] => {
  const { object, table, index } = change;
  const name = replacementName(object);
  const built = { ...builtOf(index, recipe), name };
  const place = { object: pathOf(table, name), table };
  return [
    { ...operation({ kind: 'create-index', ...place, index: built }, origin), judged: change },
    {
      changes: [{ kind: 'drop-index', ...place, index: built }, change],
      rendered: { kind: 'alter-index', object, table, from: built, to: index },
      origin,
      rank: ranks.renameReplacement,
      judged: null,
      ...swap(change, recipe),
    },
  ];
};

/** The old index goes; one that others need steps aside first, in the moment in which the new one takes its name. */
const retire = (change: Drop, origin: number, recipe: Recipe): readonly Operation[] => {
  const { object, table, index } = change;
  const judged = index.unique ? {} : { judged: null };
  const { together } = swap(change, recipe);
  if (together === undefined) return [{ ...operation(change, origin, ranks.dropReplaced), ...judged }];
  const aside = { ...index, name: retiredName(object) };
  const place = { object: pathOf(table, aside.name), table };
  return [
    {
      changes: [change, { kind: 'create-index', ...place, index: aside }],
      rendered: { kind: 'alter-index', object, table, from: index, to: aside },
      origin,
      rank: ranks.renameReplacement,
      judged: null,
      together,
    },
    { ...operation({ kind: 'drop-index', ...place, index: aside }, origin, ranks.dropRetired), judged: change },
  ];
};

/** An index is built alone, because the online form allows no other statement beside it; its comment follows. */
const createIndex = (change: Create, origin: number, recipe: Recipe): readonly Operation[] => {
  if (isBound(change.index)) return [operation(change, origin)];
  const spread = indexPartitions(change, origin, recipe);
  if (spread !== undefined) return spread;
  if (isReplacement(change, recipe)) return replace(change, origin, recipe);
  const index = builtOf(change.index, recipe);
  if (equal(index, change.index) || recipe.isNew(change.table)) return [operation(change, origin)];
  const { object, table } = change;
  return [
    operation({ ...change, index }, origin),
    operation({ kind: 'alter-index', object, table, from: index, to: change.index }, origin),
  ];
};

/** An index goes last, unless another one takes its name. */
const dropIndex = (change: Drop, origin: number, recipe: Recipe): readonly Operation[] => {
  if (isReplacement(change, recipe)) return retire(change, origin, recipe);
  const path = pathOf(change.table, change.index.name);
  const taken = recipe.changes.some(
    (other) => ['create-index', 'add-unique', 'add-primary-key'].includes(other.kind) && other.object === path,
  );
  const replaced = isReplacedAbove(change, recipe);
  if (replaced && recipe.style === 'online') return [operation(change, origin, ranks.beforeWhole)];
  if (taken || replaced) return [operation(change, origin, ranks.freeName)];
  return [operation(change, origin, joinsParent(change.table, recipe) ? ranks.beforeJoin : undefined)];
};

/** An index comes or goes. */
export const changeIndex = (change: Create | Drop, origin: number, recipe: Recipe): readonly Operation[] =>
  change.kind === 'create-index' ? createIndex(change, origin, recipe) : dropIndex(change, origin, recipe);
