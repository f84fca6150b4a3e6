import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Column, type Finding, type ObjectName, pathOf } from '@dsem/schema';
import { cutsSilently, typeChange } from '../diff.js';
import { finding } from '../hazards.js';
import { expressionTree } from '../grammar.js';
import { identifier, qualified } from '../identifiers.js';
import { columnsIn } from '../normalize/tree.js';
import { notNullCheck } from '../not-null-check.js';
import { hazardRules } from '../rules.js';
import { isVolatile } from '../volatility.js';
import { collationOf, collationText, columnText, identityText } from './column-text.js';
import { commentOn } from './comments.js';
import { columnForeignChanges } from './foreign-tables.js';
import { droppedBelow, defaultChange } from './overrides.js';
import { refuseFixed } from './partitions.js';
import { optionChanges } from './sequences.js';
import { cannot, locks, type Renderers, statement, tableBefore } from './statement.js';

const rewriteHazard = (column: Column, path: string): Finding | undefined => {
  if (column.identity)
    return finding(hazardRules.addIdentity, path, `The table is rewritten to number the rows of ${path}.`);
  if (column.generated?.stored)
    return finding(hazardRules.storedGenerated, path, `The table is rewritten to store ${path}.`);
  if (column.default !== undefined && isVolatile(expressionTree(column.default))) {
    return finding(hazardRules.volatileDefault, path, `The table is rewritten to fill ${path} with ${column.default}.`);
  }
  return undefined;
};

const requiredHazard = (column: Column, path: string): readonly Finding[] =>
  !column.nullable && column.default === undefined && !column.identity && !column.generated
    ? [finding(hazardRules.requiredColumn, path, `${path} is NOT NULL and has no default.`)]
    : [];

const alter = (table: ObjectName, what: string): string => `ALTER TABLE ${qualified(table)} ${what}`;
const target = (table: ObjectName, column: string): string => `COLUMN ${qualified(table)}.${identifier(column)}`;

const addColumn = ({ table, column }: ChangeOf<'add-column'>, { state }: RenderContext): readonly Statement[] => {
  const path = pathOf(table, column.name);
  const rewrite = rewriteHazard(column, path);
  const text = alter(table, `ADD COLUMN ${columnText(column, state)}`);
  const hazards = [...(rewrite ? [rewrite] : []), ...requiredHazard(column, path)];
  const facts = rewrite ? { lock: locks.exclusiveLong, cost: 'rewrite' as const, hazards } : { hazards };
  return [statement(text, facts), ...commentOn(target(table, column.name), column.comment)];
};

const typeHazards = ({ from, to, table }: ChangeOf<'change-column-type'>): readonly Finding[] => {
  const path = pathOf(table, to.name);
  const { effect, rewrite } = typeChange(from.type, to.type);
  const message = `${path} changes from ${from.type.native} to ${to.type.native}.`;
  const query = `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(to.name)} IS DISTINCT FROM ${identifier(to.name)}::${to.type.native}::${from.type.native}`;
  switch (effect) {
    case 'same':
      return [];
    case 'widen':
      return [finding(rewrite ? hazardRules.widenRewrite : hazardRules.typeVisible, path, message)];
    case 'narrow':
      return [
        finding(
          cutsSilently(from.type, to.type) ? hazardRules.lossyType : hazardRules.narrowType,
          path,
          message,
          `Look for rows that do not fit: ${query}`,
        ),
        ...(rewrite ? [finding(hazardRules.typeRewrite, path, message)] : []),
      ];
    case 'family':
      return [finding(hazardRules.lossyType, path, message), finding(hazardRules.typeRewrite, path, message)];
    default:
      return effect satisfies never;
  }
};

const computedFrom = (state: RenderContext['state'], table: ObjectName, column: string): string | undefined =>
  state.tables
    .find((one) => pathOf(one) === pathOf(table))
    ?.columns.find(({ generated }) => generated && columnsIn(expressionTree(generated.expression)).includes(column))
    ?.name;

const changeType = (change: ChangeOf<'change-column-type'>, context: RenderContext): readonly Statement[] => {
  const { from, to, table } = change;
  refuseFixed(change, table, from.name, context);
  const { state } = context;
  const reader = computedFrom(state, table, from.name);
  if (reader) return cannot(change, `the generated column ${reader} is computed from it`);
  const { effect, rewrite } = typeChange(from.type, to.type);
  const name = identifier(to.name);
  const collation = collationOf(to);
  const collate = collation === undefined ? '' : ` COLLATE ${collationText(collation, state)}`;
  const viaText = from.type.canonical.kind === 'enum' && to.type.canonical.kind === 'enum' ? '::text' : '';
  const using = effect !== 'family' || to.generated ? '' : ` USING ${name}${viaText}::${to.type.native}`;
  const facts = rewrite ? { lock: locks.exclusiveLong, cost: 'rewrite' as const } : {};
  const text = alter(table, `ALTER COLUMN ${name} TYPE ${to.type.native}${collate}${using}`);
  return [statement(text, { ...facts, hazards: typeHazards(change) })];
};

const provedNotNull = (table: ObjectName, column: string, context: RenderContext): boolean =>
  tableBefore(context, table)?.checks.some(
    (check) => check.validated !== false && check.expression === notNullCheck(column),
  ) ?? false;

const setNotNull = ({ table, to }: ChangeOf<'set-not-null'>, context: RenderContext): readonly Statement[] => {
  const path = pathOf(table, to.name);
  const text = alter(table, `ALTER COLUMN ${identifier(to.name)} SET NOT NULL`);
  const query = `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(to.name)} IS NULL`;
  if (provedNotNull(table, to.name, context)) return [statement(text)];
  return [
    statement(text, {
      lock: locks.exclusiveLong,
      cost: 'scan',
      hazards: [
        finding(hazardRules.setNotNull, path, `${path} becomes NOT NULL.`, `Look for rows without a value: ${query}`),
        finding(hazardRules.notNullScan, path, `All rows are read to prove that ${path} is never NULL.`),
      ],
    }),
  ];
};

const changeIdentity = ({ table, from, to }: ChangeOf<'change-identity'>): readonly Statement[] => {
  const path = pathOf(table, to.name);
  const column = `ALTER COLUMN ${identifier(to.name)}`;
  const query = `SELECT max(${identifier(to.name)}) FROM ${qualified(table)}`;
  const hazards = [
    finding(
      hazardRules.changeIdentity,
      path,
      `The numbering of ${path} changes.`,
      `Compare with the largest value: ${query}`,
    ),
  ];
  if (!to.identity) return [statement(alter(table, `${column} DROP IDENTITY`), { hazards })];
  if (!from.identity) return [statement(alter(table, `${column} ADD ${identityText(to)}`), { hazards })];
  const always =
    from.identity.always === to.identity.always
      ? []
      : [`SET GENERATED ${to.identity.always ? 'ALWAYS' : 'BY DEFAULT'}`];
  const words = optionChanges(from.identity.options, to.identity.options).map((word) => `SET ${word}`);
  return [statement(alter(table, [column, ...always, ...words].join(' ')), { hazards })];
};

const changeGenerated = (change: ChangeOf<'change-generated'>, { version }: RenderContext): readonly Statement[] => {
  const { table, from, to } = change;
  const path = pathOf(table, to.name);
  const column = `ALTER COLUMN ${identifier(to.name)}`;
  if (!to.generated) {
    if (!from.generated?.stored) return cannot(change, 'a virtual generated column cannot become a plain one');
    const hazards = [finding(hazardRules.dropGenerated, path, `${path} is no longer computed.`)];
    return [statement(alter(table, `${column} DROP EXPRESSION`), { hazards })];
  }
  if (!from.generated) return cannot(change, 'a plain column cannot become a generated one');
  if (from.generated.stored !== to.generated.stored)
    return cannot(change, 'a generated column cannot change between stored and virtual');
  if (Number(version) < 17)
    return cannot(change, `PostgreSQL ${version} cannot change the expression of a generated column`);
  const hazards = [finding(hazardRules.changeGenerated, path, `${path} is computed in another way.`)];
  const facts = to.generated.stored ? { lock: locks.exclusiveLong, cost: 'rewrite' as const, hazards } : { hazards };
  return [statement(alter(table, `${column} SET EXPRESSION AS (${to.generated.expression})`), facts)];
};

const alterColumn = (change: ChangeOf<'alter-column'>, { state }: RenderContext): readonly Statement[] => {
  const { table, from, to, object } = change;
  const [earlier, collation] = [collationOf(from), collationOf(to)];
  const known = (column: Column): string[] =>
    Object.keys(column.attributes ?? {}).filter((key) => !['collation', 'foreignOptions'].includes(key));
  if (known(from).length + known(to).length > 0 || from.fields || to.fields)
    return cannot(change, 'these attributes of a column cannot change');
  const collate =
    collation === undefined ? ' COLLATE pg_catalog."default"' : ` COLLATE ${collationText(collation, state)}`;
  const text = alter(table, `ALTER COLUMN ${identifier(to.name)} TYPE ${to.type.native}${collate}`);
  const hazards = [finding(hazardRules.collation, object, `The collation of ${object} changes.`)];
  return [
    ...(earlier === collation ? [] : [statement(text, { lock: locks.exclusiveLong, cost: 'build', hazards })]),
    ...columnForeignChanges(table, to.name, from, to),
    ...commentOn(target(table, to.name), to.comment, from.comment),
  ];
};

const dropColumn = (change: ChangeOf<'drop-column'>, context: RenderContext): readonly Statement[] => {
  const { table, column, object } = change;
  refuseFixed(change, table, column.name, context);
  return [
    statement(alter(table, `DROP COLUMN ${identifier(column.name)}`), {
      hazards: [finding(hazardRules.dropColumn, object, `The column ${object} is dropped with its values.`)],
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
  'rename-column': ({ table, from, to, object }) => [
    statement(alter(table, `RENAME COLUMN ${identifier(from)} TO ${identifier(to)}`), {
      hazards: [finding(hazardRules.renameColumn, object, `The column ${from} is renamed to ${to}.`)],
    }),
  ],
  'change-column-type': changeType,
  'set-not-null': setNotNull,
  'drop-not-null': (change, context) => [
    statement(alter(change.table, `ALTER COLUMN ${identifier(change.to.name)} DROP NOT NULL`), {
      hazards: [finding(hazardRules.dropNotNull, change.object, `${change.object} may become NULL.`)],
    }),
    ...droppedBelow(change, context),
  ],
  'set-default': (change, context) => defaultChange(change, [], context),
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
