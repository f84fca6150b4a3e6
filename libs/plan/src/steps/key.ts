import {
  type Change,
  type ChangeOf,
  equal,
  type Index,
  type ObjectName,
  pathOf,
  replacementName,
  tableFinder,
  type Unique,
} from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { isPartitioned, keyPartitions } from './partition-index.js';

type AddKey = ChangeOf<'add-unique' | 'add-primary-key'>;

type DropKey = ChangeOf<'drop-unique' | 'drop-primary-key'>;

const keyOf = (change: AddKey | DropKey): Unique => ('unique' in change ? change.unique : change.primaryKey);

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

/** Whether a column of the table may be empty from now on, which a key that still stands could forbid. */
const isFreed = (table: ObjectName, { changes }: Recipe): boolean =>
  changes.some((change) => change.kind === 'drop-not-null' && pathOf(change.table) === pathOf(table));

/**
 * Whether a key gets another definition under its name, and a primary key under any, so that both forms of it can change
 * places at once. Not where one index would do for both: on the way back it could not be told whose it is.
 */
const isReplacement = ({ object, table, kind }: AddKey | DropKey, recipe: Recipe): boolean => {
  const { onlineIndexBuild, keyFromIndex } = recipe.dialect.capabilities;
  if (recipe.style === 'offline' || !onlineIndexBuild || keyFromIndex !== true) return false;
  if (recipe.isNew(table) || isPartitioned(table, recipe)) return false;
  const path = pathOf(table);
  const mine = (change: Change): change is AddKey | DropKey =>
    kind.endsWith('unique')
      ? (change.kind === 'add-unique' || change.kind === 'drop-unique') && change.object === object
      : (change.kind === 'add-primary-key' || change.kind === 'drop-primary-key') && pathOf(change.table) === path;
  const pair = recipe.changes.filter(mine);
  const [one, other] = pair.map((change) => indexOf(keyOf(change)));
  return !isFreed(table, recipe) && one !== undefined && other !== undefined && !equal(one, other);
};

const together = (change: AddKey | DropKey): Pick<Operation, 'rank' | 'together'> => ({
  rank: ranks.attachKey,
  together: 'unique' in change ? `key ${change.object}` : `primary key ${pathOf(change.table)}`,
});

/** Whether the table is lost to others without the key until it relies on something else. */
const isRelied = ({ kind, object, table, ...change }: DropKey, recipe: Recipe): boolean => {
  const found = tableFinder(recipe.from)(table);
  if (kind !== 'drop-unique' || found === undefined || isFreed(table, recipe)) return false;
  const { name } = (change as ChangeOf<'drop-unique'>).unique;
  const isTaken = recipe.changes.some((other) => other.kind !== kind && other.object === object);
  return !isTaken && recipe.dialect.reliesOn?.(found, name) === true;
};

/** A key goes; one that comes again in another form goes in the same moment, and one that others need after the change. */
const dropKey = (change: DropKey, origin: number, recipe: Recipe): readonly Operation[] => {
  if (isReplacement(change, recipe)) return [{ ...operation(change, origin), ...together(change) }];
  return [operation(change, origin, isRelied(change, recipe) ? ranks.dropRelied : undefined)];
};

/** The index is built while the table stays writable, and becomes the constraint's in a brief change. */
const addKey = (change: AddKey, origin: number, recipe: Recipe): readonly Operation[] => {
  const key = keyOf(change);
  const { style, isNew } = recipe;
  const { capabilities } = recipe.dialect;
  const spread = keyPartitions(change, origin, recipe);
  if (spread !== undefined) return spread;
  const online = style === 'online' && capabilities.onlineIndexBuild && capabilities.keyFromIndex === true;
  const index = indexOf(key);
  if (!online || isNew(change.table) || index === undefined) return [operation(change, origin)];
  const replaces = isReplacement(change, recipe);
  const built = replaces ? { ...index, name: replacementName(change.object) } : index;
  const place = { object: pathOf(change.table, built.name), table: change.table };
  const attach = replaces ? together(change) : { rank: ranks.attachKey };
  const build = operation({ kind: 'create-index', ...place, index: built }, origin);
  return [
    replaces ? { ...build, judged: change } : build,
    { changes: [{ kind: 'drop-index', ...place, index: built }, change], rendered: change, origin, ...attach },
  ];
};

/** A key comes or goes. */
export const changeKey = (change: AddKey | DropKey, origin: number, recipe: Recipe): readonly Operation[] =>
  change.kind === 'add-unique' || change.kind === 'add-primary-key'
    ? addKey(change, origin, recipe)
    : dropKey(change, origin, recipe);
