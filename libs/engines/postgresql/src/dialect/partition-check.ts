import type { PartitionChecks, RenderContext } from '@dsem/engine';
import type { Node } from '@pgsql/types';
import {
  allColumns,
  type Check,
  childrenOf,
  type Expression,
  type ObjectName,
  pathOf,
  type Schema,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { expressionTree, printTree } from './grammar.js';
import { identifier } from './identifiers.js';
import { boundTree } from './normalize/bounds.js';
import { normalExpression } from './normalize/expression.js';
import { keyAttributes } from './normalize/partitioning.js';
import { ownerOf } from './normalize/tables.js';
import { columnsIn } from './normalize/tree.js';
import { objectName } from './parse/auto-names.js';
import { nameParts } from './type-names.js';

/** The columns that tell the partitions of a table apart. */
export const partitionColumns = ({ partitioning }: Pick<Table, 'partitioning'>): readonly string[] =>
  partitioning === undefined
    ? []
    : keyAttributes(partitioning).flatMap(({ expression }, at) => {
        const key = partitioning.keys[at] ?? '';
        return expression ? columnsIn(expressionTree(key)) : [key];
      });

const word = (node: Node): string | undefined =>
  'ColumnRef' in node ? nameParts(node.ColumnRef.fields).join('.').toUpperCase() : undefined;

const isNull = (node: Node): boolean => 'A_Const' in node && node.A_Const.isnull === true;

/** A bound of one plain column as a condition over that column. */
interface Condition {
  readonly column: string;
  readonly text: string;
  /** Whether the server writes the condition in the same way, so that it can be foretold. */
  readonly foretold: boolean;
}

type Literal = (node: Node) => string;

const listed = (column: string, values: readonly Node[], literal: Literal): string => {
  const name = identifier(column);
  const given = values.filter((node) => !isNull(node)).map(literal);
  const some = given.length === 1 ? `${name} = ${given[0]}` : `${name} = ANY (ARRAY[${given.join(', ')}])`;
  if (given.length === values.length) return `${name} IS NOT NULL AND ${some}`;
  return given.length === 0 ? `${name} IS NULL` : `${name} IS NULL OR ${some}`;
};

const ranged = (column: string, [lower, upper]: readonly [Node, Node], literal: Literal): string => {
  const name = identifier(column);
  return [
    `${name} IS NOT NULL`,
    ...(word(lower) === 'MINVALUE' ? [] : [`${name} >= ${literal(lower)}`]),
    ...(word(upper) === 'MAXVALUE' ? [] : [`${name} < ${literal(upper)}`]),
  ].join(' AND ');
};

const conditionOf = (table: Table, parent: Table, state: Schema): Condition | undefined => {
  const { partitioning } = parent;
  const [column, ...more] = partitioning?.keys ?? [];
  const [attributes] = partitioning ? keyAttributes(partitioning) : [];
  const plain = attributes && Object.keys(attributes).length === 0;
  if (column === undefined || more.length > 0 || !plain || !table.partitionOf) return undefined;
  const type = allColumns(parent, tableFinder(state)).find(({ name }) => name === column)?.type.native;
  const literal: Literal = (node) => `${printTree(node)}${type === undefined ? '' : `::${type}`}`;
  const {
    strategy,
    is_default,
    listdatums = [],
    lowerdatums = [],
    upperdatums = [],
  } = boundTree(table.partitionOf.bound);
  if (is_default) return undefined;
  if (strategy === 'l') return { column, text: listed(column, listdatums, literal), foretold: listdatums.length === 1 };
  const [lower, upper] = [lowerdatums[0], upperdatums[0]];
  if (strategy !== 'r' || !lower || !upper) return undefined;
  return { column, text: ranged(column, [lower, upper], literal), foretold: true };
};

const conditionsOf = (table: Table, state: Schema): readonly Condition[] | undefined => {
  const find = tableFinder(state);
  const conditions: Condition[] = [];
  for (let one: Table | undefined = table; one?.partitionOf;) {
    const parent = find(one.partitionOf);
    const condition = parent && conditionOf(one, parent, state);
    if (!condition) return undefined;
    conditions.push(condition);
    one = parent;
  }
  return conditions;
};

/** The partition that takes the rows no other one takes, where a table has one. */
export const defaultPartition = (state: Schema, parent: ObjectName): Table | undefined =>
  childrenOf(state, parent).find(({ partitionOf }) => partitionOf?.bound === 'DEFAULT');

/** Detaching while everyone goes on leaves a check of the bound, if no other one says the same. */
const leftBehind = (
  table: Table,
  { column }: Condition,
  inside: Expression,
  context: RenderContext,
): Check | undefined => {
  const { state, version } = context;
  const parent = table.partitionOf;
  if (Number(version) < 14 || !parent || defaultPartition(state, parent)) return undefined;
  const above = tableFinder(state)(parent);
  const checks = [...table.checks, ...(above?.checks ?? [])];
  const related = checks.some(({ expression }) => columnsIn(expressionTree(expression)).includes(column));
  if (related || above?.partitionOf) return undefined;
  return { name: objectName(table.name, column, 'check'), expression: inside };
};

/**
 * What a partition's bound says as checks; undefined where the key is more than one plain column, the partition is the
 * default one, or rows are spread by hash.
 */
export const partitionChecks = (table: Table, context: RenderContext): PartitionChecks | undefined => {
  const { state } = context;
  const conditions = conditionsOf(table, state);
  const [first, ...above] = conditions ?? [];
  if (first === undefined) return undefined;
  const owner = ownerOf(table.name, allColumns(table, tableFinder(state)));
  const all = [first, ...above].map(({ text }) => `(${text})`).join(' AND ');
  const inside = normalExpression(all, owner);
  const left = first.foretold ? leftBehind(table, first, inside, context) : undefined;
  return { inside, outside: normalExpression(`NOT (${first.text})`, owner), ...(left ? { left } : {}) };
};

/** Whether a valid check of a table spares the server a look at all its rows. */
export const hasCheck = (table: Pick<Table, 'checks'>, expression: Expression | undefined): boolean =>
  expression !== undefined &&
  table.checks.some((check) => check.validated !== false && check.expression === expression);

/** The table of a state that carries the name. */
export const standingAs = (table: ObjectName, state: Schema): Table | undefined => {
  const path = pathOf(table);
  return state.tables.find((one) => pathOf(one) === path);
};
