import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';

type Cell = string | number | boolean | undefined | readonly string[];

const cell = (value: Cell): string => {
  if (value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return printable(String(value));
  return value.length === 0 ? '-' : printable(value.join(', '));
};

/** A list with a heading. */
export const listing = (head: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string =>
  rows.length === 0
    ? 'Nothing.\n'
    : table(
        head.map((text) => paint.bold(text)),
        rows.map((row) => row.map(cell)),
      );

/** One thing's members, those that are absent left out. */
export const fields = (members: readonly (readonly [string, Cell])[], paint: Paint): string =>
  table(
    [],
    members.filter(([, value]) => value !== undefined).map(([name, value]) => [paint.dim(name), cell(value)]),
  );
