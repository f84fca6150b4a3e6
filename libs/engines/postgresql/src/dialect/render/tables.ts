import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, descendantsOf, equal, type ObjectName, pathOf, type Schema, type Table } from '@dsem/schema';
import { finding } from '../hazards.js';
import { serverOf, tableWord } from '../foreign.js';
import { identifier, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { columnText } from './column-text.js';
import { commentOn } from './comments.js';
import { checkText, foreignKeyText, primaryKeyText, uniqueText } from './constraint-text.js';
import { tuneColumn } from './column-tuning.js';
import { foreignChanges, foreignTail } from './foreign-tables.js';
import { marksOf } from '../index-marks.js';
import { standingAs } from '../partition-check.js';
import { markChanges } from './index-marks.js';
import { createIndex } from './indexes.js';
import { checkNotNull, uncheckedNotNull } from './not-null.js';
import { optionChanges, optionsText } from './options.js';
import { madeAlike, mergedChanges, overrideChanges } from './overrides.js';
import { partitionByText } from './partitioning-text.js';
import { typeOfTable } from '../typed-tables.js';
import { rowSecurity } from './row-security.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

/** What a table is made of, and the tables it belongs under. */
const placeText = ({ partitionOf, inherits }: Table, body: string): readonly string[] => {
  if (partitionOf)
    return [`PARTITION OF ${qualified({ ...partitionOf })}`, ...(body === '' ? [] : [body]), partitionOf.bound];
  const parents = inherits?.map((parent) => qualified(parent)).join(', ');
  return [body === '' ? '()' : body, ...(parents === undefined ? [] : [`INHERITS (${parents})`])];
};

const tableText = (table: Table, state: Schema): string => {
  const parts = [
    ...table.columns.map((column) => columnText(column, state)),
    ...(table.primaryKey ? [primaryKeyText(table.primaryKey)] : []),
    ...table.uniques.map(uniqueText),
    ...table.checks.map(({ validated: _, ...check }) => checkText(check)),
  ];
  const options = optionsText(table.attributes?.options);
  const unlogged = table.attributes?.unlogged ? 'UNLOGGED ' : '';
  return [
    `CREATE ${unlogged}${tableWord(table)} ${qualified(table)}`,
    ...placeText(table, parts.length === 0 ? '' : `(\n  ${parts.join(',\n  ')}\n)`),
    ...(table.partitioning ? [partitionByText(table.partitioning, state)] : []),
    ...(options === undefined ? [] : [`WITH (${options})`]),
    ...foreignTail(table),
  ].join(' ');
};

const constraintComments = (table: Table): readonly Statement[] =>
  [table.primaryKey, ...table.uniques, ...table.checks, ...table.foreignKeys].flatMap((one) =>
    one ? commentOn(`CONSTRAINT ${identifier(one.name)} ON ${qualified(table)}`, one.comment) : [],
  );

/** Constraints that CREATE TABLE would take for checked are added afterwards, as they are. */
const unchecked = (table: Table): readonly Statement[] =>
  table.checks
    .filter(({ validated }) => validated === false)
    .map((check) => statement(`ALTER TABLE ${qualified(table)} ADD ${checkText(check)}`));

/** A table comes into being unseen, unless it does so as a partition: then its parent is locked. */
const createFacts = (table: Table) => {
  if (!table.partitionOf) return { lock: table.inherits ? locks.updateExclusive : locks.none };
  const parent = pathOf(table.partitionOf);
  return { hazards: [finding(hazardRules.createPartition, pathOf(table), `${parent} is locked for a moment.`)] };
};

/** Nothing stands below a table that is only being made. */
const withoutBelow = (table: Table, state: Schema): Schema => {
  const below = new Set(descendantsOf(state, table));
  return below.size === 0 ? state : { ...state, tables: state.tables.filter((one) => !below.has(one)) };
};

const withoutAttributes = ({ attributes: _, ...table }: Table): Table => table;

const createTable = (change: ChangeOf<'create-table'>, context: RenderContext): readonly Statement[] => {
  const { table } = change;
  const { state } = context;
  checkNotNull(change, table.columns, context);
  const plain = { ...table, checks: table.checks.filter(({ validated }) => validated !== false) };
  return [
    statement(tableText(plain, state), createFacts(table)),
    ...overrideChanges(madeAlike(table, state), table, { ...context, state: withoutBelow(table, state) }),
    ...table.columns.flatMap((column) => tuneColumn(table, {}, column, context)),
    ...mergedChanges(table, state),
    ...typeChange({}, table),
    ...unchecked(table),
    ...uncheckedNotNull(table, table.columns),
    ...table.indexes.flatMap((index) => createIndex(table, index, state, false, true)),
    ...table.foreignKeys.map((key) =>
      statement(`ALTER TABLE ${qualified(table)} ADD ${foreignKeyText(key)}`, { lock: locks.rowExclusive }),
    ),
    ...rowSecurity(withoutAttributes(table), table),
    ...markChanges(table, { from: {}, to: marksOf(table), isNew: true }),
    ...commentOn(`${tableWord(table)} ${qualified(table)}`, table.comment),
    ...table.columns.flatMap((column) =>
      commentOn(`COLUMN ${qualified(table)}.${identifier(column.name)}`, column.comment),
    ),
    ...constraintComments(table),
  ];
};

/** A table is made of its columns, and becomes one of its type then. */
const typeChange = (from: Pick<Table, 'attributes'>, to: Table): readonly Statement[] => {
  const [before, after] = [typeOfTable(from), typeOfTable(to)];
  if (before === after) return [];
  return [statement(`ALTER TABLE ${qualified(to)} ${after === undefined ? 'NOT OF' : `OF ${after}`}`)];
};

const alterOptions = (from: Table, to: Table): readonly Statement[] =>
  optionChanges(from.attributes?.options, to.attributes?.options).map((words) =>
    statement(`ALTER TABLE ${qualified(to)} ${words}`, { lock: locks.updateExclusive }),
  );

const known = new Set([
  'unlogged',
  'options',
  'server',
  'foreignOptions',
  'rowSecurity',
  'forceRowSecurity',
  'replicaIdentity',
  'clusterOn',
  'ofType',
]);

const repartition = (from: Table, to: Table): string => {
  const [before, after] = [from, to].map(({ partitioning }) =>
    partitioning ? `by ${partitioning.strategy} (${partitioning.keys.join(', ')})` : 'not',
  );
  return (
    `it is partitioned ${before} and would be partitioned ${after}, which no table can become in place; ` +
    'make a new table beside it, copy the rows, then switch the names'
  );
};

const alterTable = (change: ChangeOf<'alter-table'>, context: RenderContext): readonly Statement[] => {
  const { from, to, object } = change;
  const strange = [from, to].flatMap((table) => Object.keys(table.attributes ?? {})).find((key) => !known.has(key));
  if (strange !== undefined) return cannot(change, `the attribute ${strange} cannot change`);
  if (!equal(from.partitioning, to.partitioning)) return cannot(change, repartition(from, to));
  const hazards = [finding(hazardRules.loggedRewrite, object, `The table ${object} is rewritten.`)];
  const logged = `ALTER TABLE ${qualified(to)} SET ${to.attributes?.unlogged ? 'UNLOGGED' : 'LOGGED'}`;
  return [
    ...(from.attributes?.unlogged === to.attributes?.unlogged
      ? []
      : [statement(logged, { lock: locks.exclusiveLong, cost: 'rewrite', hazards })]),
    ...alterOptions(from, to),
    ...typeChange(from, to),
    ...foreignChanges(change),
    ...overrideChanges(from, to, context),
    ...rowSecurity(from, to),
    ...markChanges(standingAs(to, context.state) ?? to, { from: marksOf(from), to: marksOf(to) }),
    ...commentOn(`${tableWord(to)} ${qualified(to)}`, to.comment, from.comment),
  ];
};

const renameTable = (from: ObjectName, to: ObjectName, object: string): readonly Statement[] => {
  const hazards = [finding(hazardRules.renameTable, object, `${qualified(from)} becomes ${qualified(to)}.`)];
  const moved = { ...from, ...(to.namespace === undefined ? {} : { namespace: to.namespace }) };
  return [
    ...(from.namespace === to.namespace || to.namespace === undefined
      ? []
      : [statement(`ALTER TABLE ${qualified(from)} SET SCHEMA ${identifier(to.namespace)}`, { hazards })]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER TABLE ${qualified(moved)} RENAME TO ${identifier(to.name)}`, { hazards })]),
  ];
};

/** Tables. */
export const tableRenderers: Renderers<'create-table' | 'drop-table' | 'alter-table' | 'rename-table'> = {
  'create-table': createTable,
  'drop-table': ({ table, object }) => [
    statement(`DROP ${tableWord(table)} ${qualified(table)}`, {
      hazards: [
        serverOf(table) === undefined
          ? finding(hazardRules.dropTable, object, `The table ${object} is dropped with its rows.`)
          : finding(hazardRules.dropForeignTable, object, `The foreign table ${object} is dropped.`),
      ],
    }),
  ],
  'alter-table': alterTable,
  'rename-table': ({ from, to, object }) => renameTable(from, to, object),
};
