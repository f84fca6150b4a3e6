import type { Node, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import { columnsIn, stringOf, walk } from '../../normalize/tree.js';
import { nameParts } from '../../type-names.js';
import type { Act, Reach, Write } from '../acts.js';
import { full, type Reader, relation } from './reader.js';

/** The string constants of a tree. */
export const stringsIn = (tree: unknown): readonly string[] => {
  const found: string[] = [];
  walk(tree, (node) => {
    const text = stringOf(node);
    if (text !== undefined) found.push(text);
  });
  return found;
};

const isConstant = (node: Node | undefined): boolean => {
  if (!node) return false;
  if ('TypeCast' in node) return isConstant(node.TypeCast.arg);
  if ('List' in node) return (node.List.items ?? []).every(isConstant);
  if ('A_ArrayExpr' in node) return (node.A_ArrayExpr.elements ?? []).every(isConstant);
  return 'A_Const' in node || 'ParamRef' in node;
};

/** The conditions that must all hold. */
const conjuncts = (node: Node | undefined): readonly Node[] => {
  if (!node) return [];
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') return (node.BoolExpr.args ?? []).flatMap(conjuncts);
  return [node];
};

const columnOf = (node: Node | undefined): string | undefined =>
  node && 'ColumnRef' in node ? nameParts(node.ColumnRef.fields).at(-1) : undefined;

interface Condition {
  readonly column: string;
  readonly how: 'equal' | 'above' | 'below' | 'between' | 'limited';
}

const limited = (node: Node | undefined): boolean => {
  let found = false;
  walk(node, (one) => {
    if ('SelectStmt' in one && one.SelectStmt.limitCount !== undefined) found = true;
  });
  return found;
};

const comparisons: { readonly [operator: string]: Condition['how'] } = {
  '=': 'equal',
  '>': 'above',
  '>=': 'above',
  '<': 'below',
  '<=': 'below',
};

const compared = (expression: { readonly [field: string]: unknown }): readonly Condition[] => {
  const { kind, name, lexpr, rexpr } = expression as { kind?: string; name?: Node[]; lexpr?: Node; rexpr?: Node };
  const column = columnOf(lexpr);
  if (column === undefined) return [];
  if (kind === 'AEXPR_BETWEEN') return [{ column, how: 'between' }];
  if (limited(rexpr)) return [{ column, how: 'limited' }];
  const how = comparisons[nameParts(name)[0] ?? ''];
  if (how === 'above' || how === 'below') return [{ column, how }];
  return how === 'equal' && isConstant(rexpr) ? [{ column, how }] : [];
};

const conditionOf = (node: Node): readonly Condition[] => {
  if ('A_Expr' in node) return compared(node.A_Expr as { readonly [field: string]: unknown });
  if ('SubLink' in node && limited(node.SubLink.subselect))
    return [{ column: columnOf(node.SubLink.testexpr) ?? '', how: 'limited' }];
  return 'CurrentOfExpr' in node ? [{ column: '', how: 'limited' }] : [];
};

const isTrue = (node: Node): boolean => 'A_Const' in node && node.A_Const.boolval?.boolval === true;

interface Filter {
  readonly reach: Reach;
  readonly equals: readonly string[];
  readonly filters: readonly string[];
}

const filterOf = (where: Node | undefined, more: readonly Node[] = []): Filter => {
  const all = conjuncts(where).filter((node) => !isTrue(node));
  if (all.length === 0) return { reach: 'every', equals: [], filters: [] };
  const conditions = all.flatMap(conditionOf);
  const bounded = (column: string): boolean =>
    conditions.some((one) => one.column === column && one.how === 'above') &&
    conditions.some((one) => one.column === column && one.how === 'below');
  const few =
    more.some(limited) ||
    conditions.some(({ how, column }) => how === 'between' || how === 'limited' || bounded(column));
  return {
    reach: few ? 'few' : 'many',
    equals: conditions.filter(({ how }) => how === 'equal').map(({ column }) => column),
    filters: columnsIn(where!),
  };
};

interface Statement {
  readonly relation?: RangeVar;
  readonly whereClause?: Node;
  readonly fromClause?: Node[];
  readonly usingClause?: Node[];
  readonly withClause?: WithClause;
}

const change = (reader: Reader, verb: 'update' | 'delete', statement: Statement): Write => {
  const more = [...(statement.fromClause ?? []), ...(statement.usingClause ?? [])];
  const batches = statement.withClause ? [{ WithClause: statement.withClause } as unknown as Node] : [];
  return {
    kind: 'write',
    verb,
    table: relation(reader, statement.relation),
    ...filterOf(statement.whereClause, [...more, ...batches]),
    strings: stringsIn(statement),
  };
};

const reachOfQuery = (query: SelectStmt | undefined): Reach => {
  if (!query || query.valuesLists || !query.fromClause) return 'few';
  const tables = query.fromClause.some((node) => !('RangeFunction' in node));
  return tables && !query.limitCount ? 'many' : 'few';
};

const insert = (reader: Reader, statement: { relation?: RangeVar; selectStmt?: Node }): Write => {
  const query =
    statement.selectStmt && 'SelectStmt' in statement.selectStmt ? statement.selectStmt.SelectStmt : undefined;
  const table = relation(reader, statement.relation);
  const strings = stringsIn(statement);
  return { kind: 'write', verb: 'insert', table, reach: reachOfQuery(query), equals: [], filters: [], strings };
};

const writeOf = (reader: Reader, node: Node): Write | undefined => {
  if ('UpdateStmt' in node) return change(reader, 'update', node.UpdateStmt);
  if ('DeleteStmt' in node) return change(reader, 'delete', node.DeleteStmt);
  if ('InsertStmt' in node) return insert(reader, node.InsertStmt);
  if ('MergeStmt' in node) {
    const { relation: target } = node.MergeStmt;
    const table = relation(reader, target);
    const strings = stringsIn(node);
    return { kind: 'write', verb: 'merge', table, reach: 'many', equals: [], filters: [], strings };
  }
  return undefined;
};

/** Every INSERT, UPDATE, DELETE and MERGE of a statement, also those in its WITH clauses. */
export const writesIn = (reader: Reader, tree: Node): readonly Act[] => {
  const found: Act[] = [];
  walk(tree, (node) => {
    const write = writeOf(reader, node);
    if (write) found.push(write);
  });
  return found;
};

const setting = (call: { readonly args?: Node[] }): readonly Act[] => {
  const [name, value, local] = call.args ?? [];
  const named = stringOf(name);
  if (named === undefined) return [];
  const isLocal = local !== undefined && 'A_Const' in local && local.A_Const.boolval?.boolval === true;
  return [{ kind: 'set', name: named.toLowerCase(), value: stringOf(value), local: isLocal }];
};

/** What a query does beside reading: it may call routines, set parameters, make a table, or write in its WITH. */
export const query = (reader: Reader, tree: Node): readonly Act[] => {
  const acts: Act[] = [...writesIn(reader, tree)];
  const routines: ReturnType<typeof full>[] = [];
  walk(tree, (node) => {
    if (!('FuncCall' in node)) return;
    const name = nameParts(node.FuncCall.funcname);
    if (name.at(-1) === 'set_config') acts.push(...setting(node.FuncCall));
    else routines.push(full(reader, name));
  });
  const into = 'SelectStmt' in tree ? tree.SelectStmt.intoClause?.rel : undefined;
  if (into)
    acts.push({
      kind: 'create-table',
      table: relation(reader, into),
      columns: [],
      constraints: [],
      temporary: into.relpersistence === 't',
      ifNotExists: false,
      partitioned: false,
      open: true,
    });
  return [...acts, { kind: 'query', routines }];
};
