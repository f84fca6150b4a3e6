import type { Location } from '@dsem/schema';
import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import type { Act, ActKind, CreateTable, Write } from '../acts.js';
import type { Hit, Script } from '../rule.js';
import type { Spot } from '../scene.js';
import { shown } from '../told.js';
import { constraintsIn } from './constraints.js';
import { reachOf } from './rows.js';
import { isFresh, isFreshColumn, tableIn, tableKey, type World } from '../world/world.js';

type Entries = Script['entries'];

/** Where a statement begins, as parts of a hit. */
export const placed = ({ location, statement }: Spot): { readonly at: Location; readonly statement: number } => ({
  at: location,
  statement,
});

/** The tables the script has made and not dropped again. */
export const newTables = (
  entries: Entries,
  world: World,
): readonly { readonly act: CreateTable; readonly spot: Spot }[] =>
  entries.flatMap(({ act, spot }) =>
    act.kind === 'create-table' &&
    !act.temporary &&
    world.tables.has(tableKey(world, act.table)) &&
    isFresh(world, act.table)
      ? [{ act, spot }]
      : [],
  );

/** Whether a table has a primary key by now. */
export const hasKey = (world: World, table: Full): boolean =>
  tableIn(world, table).constraints.some(({ kind }) => kind === 'primary key');

interface NewForeignKey {
  readonly table: Full;
  readonly columns: readonly string[];
  readonly spot: Spot;
}

/** Whether all indexes on the columns are known: the table, or the columns, are the script's own, or the state tells. */
const isOpenBook = (world: World, table: Full, columns: readonly string[]): boolean =>
  !tableIn(world, table).open || columns.every((column) => isFreshColumn(world, table, column));

/** The foreign keys the script has made on tables whose indexes are known. */
export const newForeignKeys = (entries: Entries, world: World): readonly NewForeignKey[] =>
  entries.flatMap(({ act, spot }) =>
    !('table' in act) || act.table === undefined
      ? []
      : constraintsIn(act)
          .filter(({ kind, columns }) => kind === 'foreign key' && columns.length > 0)
          .filter(
            ({ columns }) => world.tables.has(tableKey(world, act.table!)) && isOpenBook(world, act.table!, columns),
          )
          .map(({ columns }) => ({ table: act.table!, columns, spot })),
  );

const rewriting: ReadonlySet<ActKind> = new Set(['change-type', 'set-not-null', 'rewrite-table', 'change-expression']);

/** Statements that go through all rows of one table, after the first that does. */
export const repeated = (entries: Entries, world: World): readonly Hit[] => {
  const first = new Map<string, number>();
  return entries.flatMap(({ act, spot, cost }): readonly Hit[] => {
    if (cost === 'meta' || !rewriting.has(act.kind) || !('table' in act) || !act.table || isFresh(world, act.table))
      return [];
    const before = first.get(keyOf(act.table));
    if (before === undefined) first.set(keyOf(act.table), spot.statement);
    if (before === undefined || before === spot.statement) return [];
    return [
      { object: shown(act.table), message: `${shown(act.table)} is gone through more than once`, ...placed(spot) },
    ];
  });
};

const structural: ReadonlySet<ActKind> = new Set([
  'add-column',
  'drop-column',
  'change-type',
  'set-not-null',
  'add-constraint',
  'drop-constraint',
]);

const opens = (act: Act): boolean => act.kind === 'transaction' && act.what === 'begin';
const ends = (act: Act): boolean => act.kind === 'transaction' && (act.what === 'commit' || act.what === 'rollback');

/** Broad changes of rows outside a transaction, in a script that changes tables as well. */
export const mixed = (entries: Entries, world: World): readonly { readonly act: Write; readonly spot: Spot }[] => {
  const changes = entries.some(
    ({ act }) => structural.has(act.kind) && 'table' in act && act.table !== undefined && !isFresh(world, act.table),
  );
  let inside = false;
  return entries.flatMap(({ act, spot, inBlock }) => {
    inside = opens(act) || (inside && !ends(act));
    const broad = act.kind === 'write' && act.verb !== 'copy' && reachOf(act, world) !== 'few';
    return changes && broad && !inside && !inBlock ? [{ act, spot }] : [];
  });
};
