import type { Node } from '@pgsql/types';
import {
  allColumns,
  type Column,
  type Expression,
  type ObjectName,
  type Policy,
  type Schema,
  type Standing,
  tableFinder,
  type TypeDefinition,
  type View,
} from '@dsem/schema';
import { expressionTree, queryTree } from './grammar.js';
import { relationsIn } from './normalize/relations.js';
import { plainType } from './normalize/scope.js';
import { walk } from './normalize/tree.js';
import type { ColumnType } from './overloads.js';

const unknown: ColumnType = () => undefined;

const among =
  (columns: readonly Column[]): ColumnType =>
  (name) => {
    const types = new Set(columns.filter((one) => one.name === name).map(({ type }) => plainType(type.native)));
    return types.size === 1 ? [...types][0] : undefined;
  };

/** A part of a query that brings columns of its own, or gives others a name or type that they do not have. */
const bringsColumns = (node: Node): boolean => {
  if ('RangeVar' in node) return node.RangeVar.alias?.colnames !== undefined;
  if ('JoinExpr' in node) return node.JoinExpr.usingClause !== undefined || node.JoinExpr.alias !== undefined;
  return 'SubLink' in node || 'RangeSubselect' in node || 'RangeFunction' in node || 'CommonTableExpr' in node;
};

/** Whether all columns of a tree are those of the relations that it names. O(nodes). */
const isPlain = (tree: unknown): boolean => {
  let plain = true;
  walk(tree, (node) => {
    if (bringsColumns(node)) plain = false;
  });
  return plain;
};

const columnsOf = (name: ObjectName, state: Schema): readonly Column[] | undefined => {
  const find = tableFinder(state);
  const table = find(name);
  return table && allColumns(table, find);
};

const ofView = ({ body }: View, state: Schema): ColumnType => {
  const tree = queryTree(body.normal);
  if (!isPlain(tree)) return unknown;
  const sources = relationsIn(tree).map((name) => columnsOf(name, state));
  return sources.includes(undefined) ? unknown : among(sources.flatMap((columns) => columns ?? []));
};

const ofPolicy = ({ table, using, check }: Policy, state: Schema): ColumnType => {
  const texts = [using, check].filter((text): text is Expression => text !== undefined);
  return texts.every((text) => isPlain(expressionTree(text))) ? among(columnsOf(table, state) ?? []) : unknown;
};

/** A check of a domain knows one name only, VALUE. */
const ofType = (type: TypeDefinition): ColumnType =>
  type.kind === 'domain' ? () => plainType(type.base.native) : unknown;

/** What columns mean where a noun calls routines; a query inside is left to the server. O(nodes + columns). */
export const columnTypesAt = (user: Standing, state: Schema): ColumnType => {
  switch (user.kind) {
    case 'drop-view':
      return ofView(user.view, state);
    case 'drop-policy':
      return ofPolicy(user.policy, state);
    case 'drop-type':
      return ofType(user.type);
    case 'drop-trigger':
      return among(columnsOf(user.trigger.table, state) ?? []);
    case 'drop-table':
    case 'drop-check':
    case 'drop-index':
    case 'drop-column':
      return among(columnsOf(user.table, state) ?? []);
    default:
      return unknown;
  }
};
