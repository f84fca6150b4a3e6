import { type ChangeOf, type Index, pathOf, type Unique } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { keyPartitions } from './partition-index.js';

type AddKey = ChangeOf<'add-unique' | 'add-primary-key'>;

const keyOf = (change: AddKey): Unique => (change.kind === 'add-unique' ? change.unique : change.primaryKey);

const indexed = new Set(['include', 'nullsNotDistinct', 'options']);
const later = new Set(['deferrable', 'initiallyDeferred']);

/** The index that can become the key's; none for keys that only the engine itself can build. */
const indexOf = ({ name, columns, attributes = {} }: Unique): Index | undefined => {
  if (Object.keys(attributes).some((one) => !indexed.has(one) && !later.has(one))) return undefined;
  const { include } = attributes as { readonly include?: readonly string[] };
  const kept = Object.entries(attributes).filter(([one]) => one !== 'include' && indexed.has(one));
  return {
    name,
    keys: columns.map((column) => ({ column })),
    unique: true,
    ...(include === undefined ? {} : { include }),
    ...(kept.length === 0 ? {} : { attributes: Object.fromEntries(kept) }),
  };
};

/** The index is built while the table stays writable, and becomes the constraint's in a brief change. */
export const addKey = (change: AddKey, origin: number, recipe: Recipe): readonly Operation[] => {
  const key = keyOf(change);
  const { style, isNew } = recipe;
  const { capabilities } = recipe.dialect;
  const spread = keyPartitions(change, origin, recipe);
  if (spread !== undefined) return spread;
  const online = style === 'online' && capabilities.onlineIndexBuild && capabilities.keyFromIndex === true;
  const index = indexOf(key);
  if (!online || isNew(change.table) || index === undefined) return [operation(change, origin)];
  const place = { object: pathOf(change.table, key.name), table: change.table };
  return [
    operation({ kind: 'create-index', ...place, index }, origin),
    { changes: [{ kind: 'drop-index', ...place, index }, change], rendered: change, origin, rank: ranks.attachKey },
  ];
};
