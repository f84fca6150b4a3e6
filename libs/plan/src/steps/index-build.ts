import { type ChangeOf, pathOf } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

/** An index is built alone, because the online form allows no other statement beside it; its comment follows. */
export const createIndex = (change: ChangeOf<'create-index'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const { comment, ...index } = change.index;
  if (comment === undefined || recipe.isNew(change.table)) return [operation(change, origin)];
  const { object, table } = change;
  return [
    operation({ ...change, index }, origin),
    operation({ kind: 'alter-index', object, table, from: index, to: change.index }, origin),
  ];
};

/** An index goes last, unless another one takes its name. */
export const dropIndex = (change: ChangeOf<'drop-index'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const path = pathOf(change.table, change.index.name);
  const taken = recipe.changes.some(
    (other) => ['create-index', 'add-unique', 'add-primary-key'].includes(other.kind) && other.object === path,
  );
  return [operation(change, origin, taken ? ranks.freeName : undefined)];
};
