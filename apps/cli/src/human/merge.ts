import type { Json, MergeConflict } from '@dsem/schema';
import type { MergeAnswer } from '../answers/merge.js';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { changeCounts, changeLine, columnText } from './change.js';

const longest = 160;

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Fields = { readonly [name: string]: Json };
type ColumnLike = Parameters<typeof columnText>[0] & { readonly name: string };

const isColumn = (value: Json): boolean => isObject(value) && isObject(value['type'] ?? null) && 'nullable' in value;

const columnsText = (columns: readonly Json[]): string =>
  columns
    .map((column) => `${(column as unknown as ColumnLike).name} ${columnText(column as unknown as ColumnLike)}`)
    .join(', ');

/** What of an object says most: its code, its columns, else all of it. */
const objectText = (value: Fields): string => {
  const { native, name, body, columns } = value;
  if (typeof native === 'string') return native;
  if (isColumn(value)) return columnText(value as unknown as ColumnLike);
  if (typeof name === 'string' && Object.keys(value).length === 1) return name;
  if (body !== undefined && isObject(body) && typeof body['text'] === 'string') return body['text'];
  if (Array.isArray(columns) && columns.every(isColumn)) return columnsText(columns as readonly Json[]);
  return JSON.stringify(value);
};

/** A value of a conflict in a few words. */
const valueText = (value: Json): string => {
  if (value === null) return '(none)';
  const text = isObject(value) ? objectText(value) : typeof value === 'string' ? value : JSON.stringify(value);
  return printable(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
};

const conflictText = (conflict: MergeConflict, paint: Paint): string => {
  const { noun, object, aspect, why, choices, base, ours, theirs, proposal } = conflict;
  const line = (name: string, value: Json): string => `    ${name.padEnd(8)}  ${valueText(value)}\n`;
  const decide = choices.length === 0 ? 'only another change of one side helps' : choices.join(', ');
  return [
    `${paint.red('✗')} ${noun} ${paint.bold(printable(object))}  ${aspect}\n`,
    `  ${printable(why)}\n`,
    line('base', base),
    line('ours', ours),
    line('theirs', theirs),
    ...(proposal === null ? [] : [line('proposal', proposal)]),
    `    ${paint.dim(`decide    ${decide}`)}\n`,
  ].join('');
};

const cleanText = ({ changes }: MergeAnswer, paint: Paint): string => {
  if (changes.length === 0) return `${paint.green('clean')}: theirs brings nothing that ours does not have.\n`;
  const lines = changes.map((change) => changeLine(change, paint)).join('');
  return `${paint.green('clean')}: what theirs brings to ours\n\n${lines}\n${changeCounts(changes)}\n`;
};

/** The conflicts one by one, or what the merge brings to ours. */
export const mergeText = (answer: MergeAnswer, paint: Paint): string => {
  const { conflicts, clean } = answer;
  if (clean) return cleanText(answer, paint);
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  return [
    `${paint.red(count)}: nothing is merged until each is decided.\n\n`,
    ...conflicts.map((conflict) => `${conflictText(conflict, paint)}\n`),
    'Decide with --take ours, --take theirs, or --resolutions FILE.\n',
  ].join('');
};
