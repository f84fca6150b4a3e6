import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import { typeParts } from '../../types.js';
import type { Act, AddColumn, ColumnFacts, CreateTable } from '../acts.js';
import type { Hit } from '../rule.js';
import { comesLater, type Scene } from '../scene.js';
import { shown } from '../told.js';
import { columnIn } from '../world/world.js';

/** Whether the column is generated and the script adds it again: its values come from others. */
export const isComputedAgain = (scene: Scene, table: Full, column: string): boolean =>
  columnIn(scene.world, table, column)?.generated !== undefined &&
  comesLater(
    scene,
    (act) => act.kind === 'add-column' && keyOf(act.table) === keyOf(table) && act.column.name === column,
  );

/** Types that hold whatever most others held as they were stored. */
export const wideTypes: ReadonlySet<string> = new Set(['text', 'character varying', 'numeric']);

/** Columns that an act makes. */
export const columnsIn = (act: Act): readonly ColumnFacts[] =>
  act.kind === 'create-table' ? act.columns : act.kind === 'add-column' ? [act.column] : [];

/** A hit about the type of a column, at the place where it is written. */
export const advice =
  (act: CreateTable | AddColumn, what: string) =>
  (column: ColumnFacts): Hit => ({
    object: shown(act.table, column.name),
    message: `${shown(act.table, column.name)} is ${what}`,
    ...(column.at && act.kind === 'create-table' ? { at: column.at } : {}),
  });

/** Bytes and alignment of types of fixed width. */
const widths: { readonly [base: string]: number } = {
  boolean: 1,
  '"char"': 1,
  smallint: 2,
  integer: 4,
  real: 4,
  date: 4,
  oid: 4,
  bigint: 8,
  'double precision': 8,
  'timestamp without time zone': 8,
  'timestamp with time zone': 8,
  'time without time zone': 8,
  money: 8,
};

/** Alignment of a type; those of variable length begin at multiples of 4, as a rule. */
const shapeOf = ({ type }: ColumnFacts): { readonly size: number; readonly align: number } => {
  const { base } = typeParts(type);
  if (base === 'uuid') return { size: 16, align: 1 };
  const width = widths[base];
  return width === undefined ? { size: 4, align: 4 } : { size: width, align: width };
};

const sizeOf = (columns: readonly ColumnFacts[]): number =>
  columns.map(shapeOf).reduce((at, { size, align }) => Math.ceil(at / align) * align + size, 0);

/** Bytes of the fixed part of a row: as the columns stand, and in the best order. */
export const padding = (columns: readonly ColumnFacts[]): readonly [number, number] => {
  const best = columns.toSorted((one, other) => shapeOf(other).align - shapeOf(one).align);
  const whole = (bytes: number): number => Math.ceil(bytes / 8) * 8;
  return [whole(sizeOf(columns)), whole(sizeOf(best))];
};
