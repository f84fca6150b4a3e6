import type { Node, SelectStmt } from '@pgsql/types';
import { type Attributes, onTablePath, type Trigger } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { relationOf } from '../parse/names.js';
import { commandsText, relationsOfCommands, ruleCommands, writtenBy } from '../rule-trees.js';
import { nameParts } from '../type-names.js';
import { attributesAs } from '../types/code.js';
import type { RuleAttributes } from '../types/rules.js';
import { placed } from '../types.js';
import type { Catalogue, Outputs } from './catalogue.js';
import { needTexts } from './object.js';
import { normalStatement, sourceNamed } from './statements.js';
import { rewrite, stringNodes, walk } from './tree.js';

const rows = ['old', 'new'];

/** The row that `old.*` or `new.*` means; undefined for every other node. */
const wholeRow = (node: Node | undefined): string | undefined => {
  const fields = node && 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
  const [row = ''] = nameParts(fields.slice(0, 1));
  return fields.length === 2 && fields[1] && 'A_Star' in fields[1] && rows.includes(row) ? row : undefined;
};

const columnOf = (row: string, column: string): Node => ({ ColumnRef: { fields: stringNodes([row, column]) } });

const spread = (nodes: readonly Node[], columns: Outputs, made: (node: Node) => Node): Node[] =>
  nodes.flatMap((node) => {
    const row = wholeRow('ResTarget' in node ? node.ResTarget.val : node);
    return row === undefined ? [node] : columns.map(([name]) => made(columnOf(row, name)));
  });

const inSelect = (select: SelectStmt, columns: Outputs): void => {
  if (select.targetList) select.targetList = spread(select.targetList, columns, (val) => ({ ResTarget: { val } }));
  for (const list of select.valuesLists ?? [])
    if ('List' in list) list.List.items = spread(list.List.items ?? [], columns, (node) => node);
};

/** `new.*` among values means all columns of the row, as the table has them now. */
const spreadRows = (command: Node, columns: Outputs | undefined): void => {
  if (!columns) return;
  walk(command, (node) => {
    if ('SelectStmt' in node) inSelect(node.SelectStmt, columns);
  });
};

/** `RETURNING *` means all columns of what is written. */
const spreadReturned = (command: Node, catalogue: Catalogue): void => {
  const statement = Object.values(command)[0] as { readonly returningClause?: { exprs?: Node[] } };
  const target = writtenBy(command)?.relation;
  const columns = target && catalogue.columnsOf(relationOf(target));
  const clause = statement.returningClause;
  if (!clause?.exprs || !target || !columns) return;
  const alias = target.alias?.aliasname ?? target.relname ?? '';
  clause.exprs = clause.exprs.flatMap((node): readonly Node[] => {
    const value = 'ResTarget' in node ? node.ResTarget.val : undefined;
    const fields = value && 'ColumnRef' in value ? (value.ColumnRef.fields ?? []) : [];
    const last = fields.at(-1);
    return last && 'A_Star' in last ? columns.map(([name]) => ({ ResTarget: { val: columnOf(alias, name) } })) : [node];
  });
};

/** `old` alone is its whole row; `SET (a, b) = (1, 2)` sets each column by itself. */
const plainly = (node: Node): Node => {
  if ('MultiAssignRef' in node) {
    const { source, colno = 1 } = node.MultiAssignRef;
    return (source && 'RowExpr' in source ? source.RowExpr.args?.[colno - 1] : undefined) ?? node;
  }
  const parts = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields) : [];
  return parts.length === 1 && rows.includes(parts[0] ?? '')
    ? { ColumnRef: { fields: [{ String: { sval: parts[0]! } }, { A_Star: {} }] } }
    : node;
};

/** A rule with the names in its condition and commands resolved. O(nodes). */
export const resolvedRule = (rule: Trigger, catalogue: Catalogue): Trigger => {
  const { when, ...held } = attributesAs<RuleAttributes>(rule);
  needTexts('rule', onTablePath(rule), held, ['event']);
  const columns = catalogue.columnsOf(placed(rule.table));
  const around = { catalogue, sources: rows.map((row) => sourceNamed(row, columns)) };
  const commands = ruleCommands(rule.body.text === '' ? rule.body.normal : rule.body.text).map((command) => {
    spreadRows(command, columns);
    spreadReturned(command, catalogue);
    return normalStatement(rewrite(command, plainly), around);
  });
  const text = commandsText(commands);
  const attributes: RuleAttributes = {
    ...held,
    ...(when === undefined ? {} : { when: printTree(normalStatement(rewrite(expressionTree(when), plainly), around)) }),
  };
  return {
    ...rule,
    table: placed(rule.table),
    body: { text, normal: text, uses: relationsOfCommands(commands) },
    attributes: attributes as unknown as Attributes,
  };
};
