import type { Node, SelectStmt } from '@pgsql/types';
import type { ObjectName } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { nameParts } from '../type-names.js';
import { placed } from '../types.js';
import type { Catalogue } from './catalogue.js';
import { resolveQuery } from './query.js';
import { stringNodes } from './tree.js';

const queryOf = (whereClause: Node, table: ObjectName): SelectStmt => {
  const { namespace, name } = placed(table);
  return {
    fromClause: [{ RangeVar: { schemaname: namespace, relname: name, inh: true, relpersistence: 'p' } }],
    whereClause,
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
};

/** A condition on the rows of a table as the query that has it: `SELECT FROM table WHERE condition`. */
export const conditionQuery = (text: string, table: ObjectName): SelectStmt => queryOf(expressionTree(text), table);

/** The condition of such a query as text. */
export const conditionOf = ({ whereClause }: SelectStmt): string => printTree(whereClause ?? { A_Const: {} });

/** A condition whose every name is resolved: columns stand with the relation they are of. The tree given is used up. */
export const resolvedCondition = (condition: Node, table: ObjectName, catalogue: Catalogue): string =>
  conditionOf(resolveQuery(queryOf(condition, table), catalogue, undefined).query);

/** Outside of queries the columns of the table itself need no name in front; in place. */
const withoutOwner = (value: unknown, owner: string): void => {
  if (Array.isArray(value)) for (const one of value) withoutOwner(one, owner);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = value as Node;
  if ('SubLink' in node) return withoutOwner(node.SubLink.testexpr, owner);
  if ('ColumnRef' in node) {
    const { fields = [] } = node.ColumnRef;
    const parts = nameParts(fields);
    const named = fields.every((field) => 'String' in field) && parts.length === 2 && parts[0] === owner;
    if (named) node.ColumnRef.fields = stringNodes(parts.slice(1));
    return;
  }
  for (const held of Object.values(value)) withoutOwner(held, owner);
};

/** The normal form of a condition on the rows of a table, which may hold queries. */
export const normalCondition = (text: string, table: ObjectName, catalogue: Catalogue): string => {
  const { query } = resolveQuery(conditionQuery(text, table), catalogue, undefined);
  withoutOwner(query.whereClause, table.name);
  return conditionOf(query);
};
