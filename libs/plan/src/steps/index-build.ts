import { type ChangeOf, equal, type Index, pathOf } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { builtOf, indexPartitions, isReplacedAbove } from './partition-index.js';

/** Indexes of constraints, which can only be made with them. */
const isBound = ({ attributes }: Index): boolean => attributes?.['exclusion'] === true;

/** An index is built alone, because the online form allows no other statement beside it; its comment follows. */
const createIndex = (change: ChangeOf<'create-index'>, origin: number, recipe: Recipe): readonly Operation[] => {
  if (isBound(change.index)) return [operation(change, origin)];
  const spread = indexPartitions(change, origin, recipe);
  if (spread !== undefined) return spread;
  const index = builtOf(change.index, recipe);
  if (equal(index, change.index) || recipe.isNew(change.table)) return [operation(change, origin)];
  const { object, table } = change;
  return [
    operation({ ...change, index }, origin),
    operation({ kind: 'alter-index', object, table, from: index, to: change.index }, origin),
  ];
};

/** An index goes last, unless another one takes its name. */
const dropIndex = (change: ChangeOf<'drop-index'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const path = pathOf(change.table, change.index.name);
  const taken = recipe.changes.some(
    (other) => ['create-index', 'add-unique', 'add-primary-key'].includes(other.kind) && other.object === path,
  );
  const replaced = isReplacedAbove(change, recipe);
  if (replaced && recipe.style === 'online') return [operation(change, origin, ranks.beforeWhole)];
  return [operation(change, origin, taken || replaced ? ranks.freeName : undefined)];
};

/** An index comes or goes. */
export const changeIndex = (
  change: ChangeOf<'create-index' | 'drop-index'>,
  origin: number,
  recipe: Recipe,
): readonly Operation[] =>
  change.kind === 'create-index' ? createIndex(change, origin, recipe) : dropIndex(change, origin, recipe);
