import type { Full } from '../../parse/names.js';
import type { Act, CreateIndex } from '../acts.js';
import { shown } from '../told.js';
import { keyOf } from '../../parse/draft.js';
import { indexesOf, type KnownIndex, type World } from '../world/world.js';

/** The table of an index, as a part of a hit. */
export const tableOfIndex = (index: KnownIndex | undefined): { readonly table?: Full } =>
  index ? { table: index.table } : {};

/** What VACUUM, CLUSTER or REINDEX is about. */
export const objectOfTarget = (target: string, name: Full | undefined): string => (name ? shown(name) : target);

/** The table behind it, where it is known. */
export const tableOfTarget = (
  world: World,
  table: Full | undefined,
  index: Full | undefined,
): { readonly table?: Full } => (table ? { table } : tableOfIndex(index && world.indexes.get(keyOf(index))));

const sameKeys = (one: CreateIndex['keys'], other: CreateIndex['keys'], length: number): boolean =>
  one.slice(0, length).every((key, at) => key !== undefined && key === other[at]);

/** Whether an index of the same table has exactly the same keys, method and predicate. */
export const isTwin = (act: CreateIndex, other: KnownIndex): boolean =>
  act.distinct === other.distinct &&
  act.keys.length === other.keys.length &&
  act.includes.join() === other.includes.join() &&
  (!act.unique || other.unique) &&
  other.valid &&
  act.keys.every((key, at) => key === other.keys[at]);

const isPlain = (distinct: string): boolean => /^btree\|*$/.test(distinct);

/** Whether a longer index of the same table begins with the keys; a unique one does more than order. */
export const isPrefix = (act: CreateIndex, other: KnownIndex): boolean =>
  !act.unique &&
  act.includes.length === 0 &&
  isPlain(act.distinct) &&
  isPlain(other.distinct) &&
  act.keys.length < other.keys.length &&
  sameKeys(act.keys, other.keys, act.keys.length);

/** Whether an index begins with the columns, in any order. */
export const isIndexed = (world: World, table: Full, columns: readonly string[]): boolean =>
  indexesOf(world, table).some(
    ({ keys, partial }) => !partial && columns.every((column) => keys.slice(0, columns.length).includes(column)),
  );

const concurrent = (act: Act): string | undefined => {
  if (act.kind === 'create-index' && act.concurrently) return 'CREATE INDEX CONCURRENTLY';
  if (act.kind === 'drop' && act.concurrently) return 'DROP INDEX CONCURRENTLY';
  return act.kind === 'detach-partition' && act.concurrently ? 'DETACH PARTITION CONCURRENTLY' : undefined;
};

/** What a statement is called that the server takes outside a transaction only; undefined for every other. */
export const outsideOnly = (act: Act): string | undefined => {
  if (act.kind === 'database')
    return act.what === 'alter-system' ? 'ALTER SYSTEM' : `${act.what.toUpperCase()} DATABASE or TABLESPACE`;
  if (act.kind !== 'maintain') return concurrent(act);
  if (act.what === 'vacuum' || act.what === 'vacuum full') return 'VACUUM';
  if (act.what === 'reindex' && act.concurrently) return 'REINDEX CONCURRENTLY';
  const whole = !act.table && !act.index;
  return whole && (act.what === 'reindex' || act.what === 'cluster')
    ? `${act.what.toUpperCase()} of more than one table`
    : undefined;
};
