import type { RenderContext, Statement } from '@dsem/engine';
import {
  type ChangeOf,
  type Finding,
  type ObjectName,
  pathOf,
  relationReference,
  type Schema,
  type Sequence,
  type Table,
} from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { expressionReferences } from '../references.js';
import { hazardRules } from '../rules.js';
import { counterLimits } from '../sequence-limits.js';
import { alter } from './alter.js';
import { identityText } from './column-text.js';
import { identityPosition } from './sequence-position.js';
import { optionChanges } from './sequences.js';
import { locks, statement, tableBefore } from './statement.js';

const startsIndex = (table: Table, column: string): boolean =>
  table.primaryKey?.columns[0] === column ||
  table.uniques.some(({ columns }) => columns[0] === column) ||
  table.indexes.some(
    ({ keys, method, predicate }) => keys[0]?.column === column && method === undefined && predicate === undefined,
  );

/** Reading the furthest value is quick where an index starts with the column. */
const reading = (table: ObjectName, column: string, context: RenderContext) => {
  const found = tableBefore(context, table);
  return found && startsIndex(found, column) ? {} : { lock: locks.exclusiveLong, cost: 'scan' as const };
};

/** Brings the new counter past the numbers that rows hold already, so that no number comes twice. */
const pastRows = ({ table, to }: ChangeOf<'change-identity'>, context: RenderContext): Statement => {
  const limits = counterLimits(to.type.native, to.identity?.options);
  const furthest = `${limits.down ? 'min' : 'max'}(${identifier(to.name)})`;
  const [low, high] = limits.down ? [limits.min, limits.start] : [limits.start, limits.max];
  const counter = `pg_get_serial_sequence(${literal(qualified(table))}, ${literal(to.name)})`;
  const text = `SELECT setval(${counter}, ${furthest}) FROM ${qualified(table)} HAVING ${furthest} BETWEEN ${low} AND ${high}`;
  return statement(text, reading(table, to.name, context));
};

const changed = ({ table, from, to }: ChangeOf<'change-identity'>): readonly Statement[] => {
  const always = from.identity?.always === to.identity?.always ? [] : [to.identity?.always ? 'ALWAYS' : 'BY DEFAULT'];
  const words = [
    ...always.map((word) => `SET GENERATED ${word}`),
    ...optionChanges(from.identity?.options, to.identity?.options).map((word) => `SET ${word}`),
  ];
  return [
    ...identityPosition(table, from, to),
    statement(alter(table, [`ALTER COLUMN ${identifier(to.name)}`, ...words].join(' '))),
  ];
};

const withHazards = (statements: readonly Statement[], hazards: readonly Finding[]): readonly Statement[] =>
  statements.map((one, at) => (at === statements.length - 1 ? { ...one, hazards } : one));

/** A column is numbered by the server, in another way, or no more. */
export const changeIdentity = (change: ChangeOf<'change-identity'>, context: RenderContext): readonly Statement[] => {
  const { table, from, to } = change;
  const path = pathOf(table, to.name);
  const query = `SELECT max(${identifier(to.name)}) FROM ${qualified(table)}`;
  const hazards = [
    finding(
      hazardRules.changeIdentity,
      path,
      `The numbering of ${path} changes.`,
      `Compare with the largest value: ${query}`,
    ),
  ];
  const column = `ALTER COLUMN ${identifier(to.name)}`;
  if (!to.identity) return [statement(alter(table, `${column} DROP IDENTITY`), { hazards })];
  if (!from.identity)
    return [statement(alter(table, `${column} ADD ${identityText(to)}`), { hazards }), pastRows(change, context)];
  return withHazards(changed(change), hazards);
};

const drawnFrom = (expression: string | undefined, { sequences }: Schema): Sequence | undefined => {
  if (!expression?.startsWith('nextval(')) return undefined;
  const named = new Set(expressionReferences(expression));
  return sequences.find((sequence) => named.has(relationReference(sequence)));
};

/** A column that had no default and draws its values from a sequence now: the sequence goes past what the rows hold. */
export const caughtUp = ({ table, to }: ChangeOf<'set-default'>, context: RenderContext): readonly Statement[] => {
  const sequence = drawnFrom(to.default, context.state);
  if (sequence === undefined) return [];
  const { down } = counterLimits(sequence.type ?? 'bigint', sequence.options);
  const furthest = `${down ? 'min' : 'max'}(${identifier(to.name)})`;
  const name = qualified(sequence);
  const text = `SELECT setval(${literal(name)}, ${furthest}) FROM ${qualified(table)} HAVING ${furthest} ${down ? '<' : '>'} (SELECT last_value FROM ${name})`;
  return [statement(text, reading(table, to.name, context))];
};
