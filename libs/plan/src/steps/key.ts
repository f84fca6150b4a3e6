import { type ChangeOf, type Index, pathOf, type Unique } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { keyPartitions } from './partition-index.js';

type AddKey = ChangeOf<'add-unique' | 'add-primary-key'>;

const keyOf = (change: AddKey): Unique => (change.kind === 'add-unique' ? change.unique : change.primaryKey);

/** The index is built while the table stays writable, and becomes the constraint's in a brief change. */
export const addKey = (change: AddKey, origin: number, recipe: Recipe): readonly Operation[] => {
  const key = keyOf(change);
  const { style, isNew } = recipe;
  const { capabilities } = recipe.dialect;
  const spread = keyPartitions(change, origin, recipe);
  if (spread !== undefined) return spread;
  const online = style === 'online' && capabilities.onlineIndexBuild && capabilities.keyFromIndex === true;
  if (!online || isNew(change.table) || key.attributes !== undefined) return [operation(change, origin)];
  const index: Index = { name: key.name, keys: key.columns.map((column) => ({ column })), unique: true };
  const place = { object: pathOf(change.table, key.name), table: change.table };
  return [
    operation({ kind: 'create-index', ...place, index }, origin),
    { changes: [{ kind: 'drop-index', ...place, index }, change], rendered: change, origin, rank: ranks.attachKey },
  ];
};
