import type { Change } from '@dsem/schema';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';

type Mark = '+' | '-' | '~' | '!';

const losesRows = new Set<Change['kind']>(['drop-table', 'drop-column']);

const markOf = ({ kind }: Change): Mark => {
  if (losesRows.has(kind)) return '!';
  if (/^(create|add)-/u.test(kind)) return '+';
  return /^drop-(?!not-null|default)/u.test(kind) ? '-' : '~';
};

const painted = (mark: Mark, paint: Paint): string => {
  switch (mark) {
    case '+':
      return paint.green(mark);
    case '-':
      return paint.red(mark);
    case '~':
      return paint.yellow(mark);
    case '!':
      return paint.magenta(mark);
    default:
      return mark satisfies never;
  }
};

const short = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The innermost members that differ, as `type.native: integer → bigint`. */
const differences = (from: unknown, to: unknown, path: string): readonly string[] => {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (!isObject(from) || !isObject(to)) return [`${path === '' ? '' : `${path}: `}${short(from)} → ${short(to)}`];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => key !== 'canonical');
  return keys.flatMap((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
};

/** A column as it would stand in a table. */
export const columnText = (column: {
  readonly type: { readonly native: string };
  readonly nullable: boolean;
  readonly default?: string;
  readonly identity?: { readonly always: boolean };
  readonly generated?: { readonly expression: string };
}): string =>
  [
    column.type.native,
    column.nullable ? '' : 'not null',
    column.default === undefined ? '' : `default ${column.default}`,
    column.identity === undefined ? '' : `identity ${column.identity.always ? 'always' : 'by default'}`,
    column.generated === undefined ? '' : `generated ${column.generated.expression}`,
  ]
    .filter((part) => part !== '')
    .join(' ');

const detailOf = (change: Change): string => {
  if ('column' in change) return columnText(change.column);
  if ('from' in change && 'to' in change) return differences(change.from, change.to, '').join('; ');
  if ('table' in change && 'columns' in change.table) return `${change.table.columns.length} columns`;
  return '';
};

/** One line for one change: mark, verb, object, and what moves. */
export const changeLine = (change: Change, paint: Paint): string => {
  const detail = printable(detailOf(change));
  const verb = change.kind.replaceAll('-', ' ');
  return `${painted(markOf(change), paint)} ${verb} ${paint.bold(printable(change.object))}${detail === '' ? '' : `  ${paint.dim(detail)}`}\n`;
};

/** How many of each kind, for the line below a list. */
export const changeCounts = (changes: readonly Change[]): string => {
  const marks = changes.map(markOf);
  const n = (...wanted: readonly Mark[]): number => marks.filter((mark) => wanted.includes(mark)).length;
  const lossy = n('!') === 0 ? '' : ` (${n('!')} can lose data, marked !)`;
  return `${n('+')} added, ${n('~')} changed, ${n('-', '!')} removed${lossy}`;
};
