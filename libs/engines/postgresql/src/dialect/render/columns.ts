import type { RenderContext, Statement } from '@dsem/engine';
import {
  type Change,
  type ChangeOf,
  type Column,
  type Finding,
  type ObjectName,
  pathOf,
  type Schema,
} from '@dsem/schema';
import { finding } from '../hazards.js';
import { expressionTree } from '../grammar.js';
import { identifier, qualified } from '../identifiers.js';
import { notNullOf } from '../not-null.js';
import { notNullCheck } from '../not-null-check.js';
import { hazardRules } from '../rules.js';
import { isTyped } from '../typed-tables.js';
import { isVolatile } from '../volatility.js';
import { alter, columnTarget } from './alter.js';
import { changeGenerated } from './column-generated.js';
import { changeIdentity, caughtUp } from './column-numbers.js';
import { collationOf, collationText, columnText } from './column-text.js';
import { changeType, retyped } from './column-type.js';
import { tuneColumn } from './column-tuning.js';
import { commentOn } from './comments.js';
import { columnForeignChanges } from './foreign-tables.js';
import { checkNotNull, notNullChanges, notNullConstraint, uncheckedNotNull } from './not-null.js';
import { droppedBelow, defaultChange } from './overrides.js';
import { refuseFixed } from './partitions.js';
import { cannot, locks, type Renderers, statement, tableBefore } from './statement.js';
import { isChecked } from './type-text.js';

/** @throws UnsupportedChange for a typed table, whose columns only its type can change */
const refuseTyped = (change: Change, table: ObjectName, { state }: RenderContext): void => {
  if (isTyped(state, pathOf(table)))
    cannot(change, 'the table is typed, so its columns are those of its type; take it off the type first');
};

const rewriteHazard = (column: Column, path: string, state: Schema): Finding | undefined => {
  if (column.identity)
    return finding(hazardRules.addIdentity, path, `The table is rewritten to number the rows of ${path}.`);
  if (column.generated?.stored)
    return finding(hazardRules.storedGenerated, path, `The table is rewritten to store ${path}.`);
  if (column.default !== undefined && isVolatile(expressionTree(column.default))) {
    return finding(hazardRules.volatileDefault, path, `The table is rewritten to fill ${path} with ${column.default}.`);
  }
  if (isChecked(column.type.native, state))
    return finding(hazardRules.domainRewrite, path, `The table is rewritten to check ${path} for every row.`);
  return undefined;
};

const requiredHazard = (column: Column, path: string): readonly Finding[] =>
  !column.nullable && column.default === undefined && !column.identity && !column.generated
    ? [finding(hazardRules.requiredColumn, path, `${path} is NOT NULL and has no default.`)]
    : [];

const addColumn = (change: ChangeOf<'add-column'>, context: RenderContext): readonly Statement[] => {
  const { table, column } = change;
  refuseTyped(change, table, context);
  checkNotNull(change, [column], context);
  const path = pathOf(table, column.name);
  const rewrite = rewriteHazard(column, path, context.state);
  const text = alter(table, `ADD COLUMN ${columnText(column, context.state)}`);
  const hazards = [...(rewrite ? [rewrite] : []), ...requiredHazard(column, path)];
  const facts = rewrite ? { lock: locks.exclusiveLong, cost: 'rewrite' as const, hazards } : { hazards };
  return [
    statement(text, facts),
    ...uncheckedNotNull(table, [column]),
    ...tuneColumn(table, {}, column, context),
    ...commentOn(columnTarget(table, column.name), column.comment),
  ];
};

const provedNotNull = (table: ObjectName, column: string, context: RenderContext): boolean =>
  tableBefore(context, table)?.checks.some(
    (check) => check.validated !== false && check.expression === notNullCheck(column),
  ) ?? false;

const setNotNull = (change: ChangeOf<'set-not-null'>, context: RenderContext): readonly Statement[] => {
  const { table, to } = change;
  const path = pathOf(table, to.name);
  checkNotNull(change, [to], context);
  const isPlain = to.attributes?.['notNull'] === undefined;
  const text = alter(table, isPlain ? `ALTER COLUMN ${identifier(to.name)} SET NOT NULL` : notNullConstraint(to));
  const query = `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(to.name)} IS NULL`;
  const added = finding(
    hazardRules.setNotNull,
    path,
    `${path} becomes NOT NULL.`,
    `Look for rows without a value: ${query}`,
  );
  if (notNullOf(to).unchecked) return [statement(text, { hazards: [added] })];
  if (provedNotNull(table, to.name, context)) return [statement(text)];
  return [
    statement(text, {
      lock: locks.exclusiveLong,
      cost: 'scan',
      hazards: [
        added,
        finding(hazardRules.notNullScan, path, `All rows are read to prove that ${path} is never NULL.`),
      ],
    }),
  ];
};

const alterColumn = (change: ChangeOf<'alter-column'>, context: RenderContext): readonly Statement[] => {
  const { table, from, to, object } = change;
  if (from.fields || to.fields) return cannot(change, 'a column has no fields');
  checkNotNull(change, [to], context);
  const [earlier, collation] = [collationOf(from), collationOf(to)];
  const collate =
    collation === undefined ? ' COLLATE pg_catalog."default"' : ` COLLATE ${collationText(collation, context.state)}`;
  const text = alter(table, `ALTER COLUMN ${identifier(to.name)} TYPE ${to.type.native}${collate}`);
  const hazards = [finding(hazardRules.collation, object, `The collation of ${object} changes.`)];
  const same = earlier === collation;
  return [
    ...(same ? [] : [statement(text, { lock: locks.exclusiveLong, cost: 'build', hazards })]),
    ...tuneColumn(table, same ? from : retyped(from), to, context),
    ...notNullChanges(table, from, to),
    ...columnForeignChanges(table, to.name, from, to),
    ...commentOn(columnTarget(table, to.name), to.comment, from.comment),
  ];
};

const dropColumn = (change: ChangeOf<'drop-column'>, context: RenderContext): readonly Statement[] => {
  const { table, column, object } = change;
  refuseFixed(change, table, column.name, context);
  refuseTyped(change, table, context);
  return [
    statement(alter(table, `DROP COLUMN ${identifier(column.name)}`), {
      hazards: [finding(hazardRules.dropColumn, object, `The column ${object} is dropped with its values.`)],
    }),
  ];
};

const renameColumn = (change: ChangeOf<'rename-column'>, context: RenderContext): readonly Statement[] => {
  const { table, from, to, object } = change;
  refuseTyped(change, table, context);
  return [
    statement(alter(table, `RENAME COLUMN ${identifier(from)} TO ${identifier(to)}`), {
      hazards: [finding(hazardRules.renameColumn, object, `The column ${from} is renamed to ${to}.`)],
    }),
  ];
};

type ColumnKind =
  | 'add-column'
  | 'drop-column'
  | 'rename-column'
  | 'change-column-type'
  | 'set-not-null'
  | 'drop-not-null'
  | 'set-default'
  | 'drop-default'
  | 'change-default'
  | 'change-identity'
  | 'change-generated'
  | 'alter-column';

/** Columns. */
export const columnRenderers: Renderers<ColumnKind> = {
  'add-column': addColumn,
  'drop-column': dropColumn,
  'rename-column': renameColumn,
  'change-column-type': (change, context) => {
    refuseTyped(change, change.table, context);
    return changeType(change, context);
  },
  'set-not-null': setNotNull,
  'drop-not-null': (change, context) => [
    statement(alter(change.table, `ALTER COLUMN ${identifier(change.to.name)} DROP NOT NULL`), {
      hazards: [finding(hazardRules.dropNotNull, change.object, `${change.object} may become NULL.`)],
    }),
    ...droppedBelow(change, context),
  ],
  'set-default': (change, context) => [...defaultChange(change, [], context), ...caughtUp(change, context)],
  'drop-default': (change, context) =>
    defaultChange(
      change,
      [finding(hazardRules.dropDefault, change.object, `${change.object} loses its default.`)],
      context,
    ),
  'change-default': (change, context) =>
    defaultChange(
      change,
      [finding(hazardRules.changeDefault, change.object, `${change.object} gets another default.`)],
      context,
    ),
  'change-identity': changeIdentity,
  'change-generated': changeGenerated,
  'alter-column': alterColumn,
};
