import { type ChangeOf, equal, type Index, pathOf, replacementName } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
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
    },
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
  if (isReplacement(change, recipe)) {
    const replaced = operation(change, origin, ranks.dropReplaced);
    return [change.index.unique ? replaced : { ...replaced, judged: null }];
  }
  const path = pathOf(change.table, change.index.name);
  const taken = recipe.changes.some(
    (other) => ['create-index', 'add-unique', 'add-primary-key'].includes(other.kind) && other.object === path,
  );
  const replaced = isReplacedAbove(change, recipe);
  if (replaced && recipe.style === 'online') return [operation(change, origin, ranks.beforeWhole)];
  return [operation(change, origin, taken || replaced ? ranks.freeName : undefined)];
};

/** An index comes or goes. */
export const changeIndex = (change: Create | Drop, origin: number, recipe: Recipe): readonly Operation[] =>
  change.kind === 'create-index' ? createIndex(change, origin, recipe) : dropIndex(change, origin, recipe);
