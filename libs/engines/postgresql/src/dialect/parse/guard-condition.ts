import type { A_Expr, Node, SelectStmt, SubLink } from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import { splitName } from '../identifiers.js';
import { numberOf, stringOf } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import type { Draft } from './draft.js';
import { catalogues, type Row } from './draft-rows.js';
import type { SearchPath } from './search-path.js';

/** What a condition is evaluated against. */
export interface Moment {
  readonly draft: Draft;
  readonly path: SearchPath;
}

/** Undefined where only a server can tell. */
type Answer = boolean | undefined;

/** A column that has one of some values; every other demand on a row is one that always holds. */
interface Fact {
  readonly column: string;
  readonly values: readonly string[];
}

/** Thrown inside this file where a condition is not understood. */
class NotUnderstood extends Error {}

const notUnderstood = (): never => {
  throw new NotUnderstood();
};

const columnOf = (node: Node | undefined): string | undefined => {
  if (!node) return undefined;
  if ('ColumnRef' in node) return nameParts(node.ColumnRef.fields).at(-1);
  if ('TypeCast' in node) return columnOf(node.TypeCast.arg);
  const lowered = 'FuncCall' in node && nameParts(node.FuncCall.funcname).at(-1) === 'lower';
  return lowered ? columnOf(node.FuncCall.args?.[0]) : undefined;
};

const callOf = (node: Node | undefined): string | undefined =>
  node && 'FuncCall' in node ? nameParts(node.FuncCall.funcname).at(-1) : undefined;

/** The path of what a name in a string means, as a relation or a type; the first schema's where there is none. */
const named = (text: string, { draft, path }: Moment): string => {
  const parts = splitName(text);
  const name = parts.at(-1) ?? '';
  if (parts.length > 1) return pathOf({ namespace: parts.at(-2)!, name });
  const known = new Set(['pg_class', 'pg_type'].flatMap((one) => catalogues.get(one)!(draft).map((row) => row.oid)));
  const paths = path.map((namespace) => pathOf({ namespace, name }));
  return paths.find((one) => known.has(one)) ?? paths[0] ?? name;
};

const objectCasts = new Set(['regclass', 'regtype']);

/** The values an operand may have; undefined where it is no constant. */
const valuesOf = (node: Node | undefined, at: Moment): readonly string[] | undefined => {
  if (!node) return undefined;
  if ('A_Const' in node) {
    if (node.A_Const.boolval) return [String(node.A_Const.boolval.boolval ?? false)];
    const text = stringOf(node) ?? numberOf(node);
    return text === undefined ? undefined : [text];
  }
  if ('TypeCast' in node) {
    const inner = valuesOf(node.TypeCast.arg, at);
    const type = nameParts(node.TypeCast.typeName?.names).at(-1) ?? '';
    return objectCasts.has(type) ? inner?.map((text) => named(text, at)) : inner;
  }
  if ('List' in node) {
    const all = (node.List.items ?? []).map((item) => valuesOf(item, at));
    return all.every((one) => one !== undefined) ? all.flat() : undefined;
  }
  if ('A_ArrayExpr' in node) return valuesOf({ List: { items: node.A_ArrayExpr.elements ?? [] } }, at);
  const call = callOf(node) ?? ('SQLValueFunction' in node ? node.SQLValueFunction.op : undefined);
  if (call === 'current_schema' || call === 'SVFOP_CURRENT_SCHEMA') return at.path.slice(0, 1);
  if (call === 'current_schemas') return at.path;
  return undefined;
};

/** Demands that every row of a definition meets. */
const always = new Set(['attisdropped', 'attnum', 'tgisinternal', 'conislocal']);
const isCatalogName = (column: string): boolean => column.endsWith('_catalog');

const equality = (expression: A_Expr, at: Moment): readonly Fact[] => {
  const [left, right] = [columnOf(expression.lexpr), columnOf(expression.rexpr)];
  const column = left ?? right ?? notUnderstood();
  if (always.has(column) || isCatalogName(column)) return [];
  if (left !== undefined && right !== undefined) return [];
  const other = left === undefined ? expression.lexpr : expression.rexpr;
  if (other && 'SubLink' in other && other.SubLink.subLinkType === 'EXPR_SUBLINK')
    return factsOfQuery(queryIn(other.SubLink), at).facts;
  return [{ column, values: valuesOf(other, at) ?? notUnderstood() }];
};

const visible = new Set(['pg_table_is_visible', 'pg_type_is_visible', 'pg_function_is_visible']);
const equalities = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY']);

/** What a condition of WHERE or ON demands of a row. */
const factsOf = (node: Node | undefined, at: Moment): readonly Fact[] => {
  if (!node) return [];
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    if (boolop === 'AND_EXPR') return args.flatMap((arg) => factsOf(arg, at));
    const negated = boolop === 'NOT_EXPR' ? columnOf(args[0]) : undefined;
    return negated !== undefined && always.has(negated) ? [] : notUnderstood();
  }
  if ('A_Expr' in node) {
    const operator = nameParts(node.A_Expr.name).at(-1);
    if (always.has(columnOf(node.A_Expr.lexpr) ?? '')) return [];
    return operator === '=' && equalities.has(node.A_Expr.kind ?? '') ? equality(node.A_Expr, at) : notUnderstood();
  }
  if (visible.has(callOf(node) ?? '')) return [{ column: 'nspname', values: at.path }];
  return notUnderstood();
};

interface Asked {
  readonly catalogue: string;
  readonly facts: readonly Fact[];
}

const queryIn = (link: SubLink): SelectStmt =>
  link.subselect && 'SelectStmt' in link.subselect ? link.subselect.SelectStmt : notUnderstood();

const systemSchemas = new Set(['pg_catalog', 'information_schema']);

const sourcesOf = (node: Node, at: Moment): { readonly names: readonly string[]; readonly facts: readonly Fact[] } => {
  if ('RangeVar' in node) {
    const { schemaname, relname = '' } = node.RangeVar;
    const isServers = schemaname === undefined ? relname.startsWith('pg_') : systemSchemas.has(schemaname);
    return isServers ? { names: [relname], facts: [] } : notUnderstood();
  }
  if (!('JoinExpr' in node) || !node.JoinExpr.larg || !node.JoinExpr.rarg) return notUnderstood();
  const [left, right] = [sourcesOf(node.JoinExpr.larg, at), sourcesOf(node.JoinExpr.rarg, at)];
  return {
    names: [...left.names, ...right.names],
    facts: [...left.facts, ...right.facts, ...factsOf(node.JoinExpr.quals, at)],
  };
};

function factsOfQuery(select: SelectStmt, at: Moment): Asked {
  if (select.op !== 'SETOP_NONE' || select.groupClause || select.havingClause) return notUnderstood();
  const sources = (select.fromClause ?? []).map((node) => sourcesOf(node, at));
  const names = sources.flatMap((source) => source.names);
  if (names.some((name) => !catalogues.has(name))) return notUnderstood();
  const catalogue = [...catalogues.keys()].find((name) => names.includes(name)) ?? notUnderstood();
  return { catalogue, facts: [...sources.flatMap(({ facts }) => facts), ...factsOf(select.whereClause, at)] };
}

const rowsOf = (select: SelectStmt, at: Moment): readonly Row[] => {
  const { catalogue, facts } = factsOfQuery(select, at);
  const rows = catalogues.get(catalogue)!(at.draft);
  const [sample] = rows;
  if (sample && facts.some(({ column }) => !(column in sample))) return notUnderstood();
  return rows.filter((row) => facts.every(({ column, values }) => values.includes(row[column] ?? '')));
};

const isCount = (select: SelectStmt): boolean => {
  const [target, ...more] = select.targetList ?? [];
  return more.length === 0 && target !== undefined && 'ResTarget' in target && callOf(target.ResTarget.val) === 'count';
};

const comparisons: { readonly [operator: string]: (count: number, other: number) => boolean } = {
  '=': (count, other) => count === other,
  '<>': (count, other) => count !== other,
  '>': (count, other) => count > other,
  '<': (count, other) => count < other,
  '>=': (count, other) => count >= other,
  '<=': (count, other) => count <= other,
};

/** `(SELECT count(*) FROM pg_...) = 0`. */
const counted = ({ name, lexpr, rexpr }: A_Expr, at: Moment): boolean => {
  const compare = comparisons[nameParts(name).at(-1) ?? ''];
  const select = lexpr && 'SubLink' in lexpr ? queryIn(lexpr.SubLink) : notUnderstood();
  const other = numberOf(rexpr);
  if (!compare || other === undefined || !isCount(select)) return notUnderstood();
  return compare(rowsOf(select, at).length, Number(other));
};

/** `to_regclass('x') IS NULL`. */
const absent = (node: Node | undefined, at: Moment): boolean => {
  const catalogue = { to_regclass: 'pg_class', to_regtype: 'pg_type' }[callOf(node) ?? ''] ?? notUnderstood();
  const [text] = (node && 'FuncCall' in node && valuesOf(node.FuncCall.args?.[0], at)) || notUnderstood();
  const path = named(text ?? '', at);
  return !catalogues.get(catalogue)!(at.draft).some((row) => row.oid === path);
};

const holdsOrThrows = (node: Node, at: Moment): boolean => {
  if ('SubLink' in node && node.SubLink.subLinkType === 'EXISTS_SUBLINK')
    return rowsOf(queryIn(node.SubLink), at).length > 0;
  if ('A_Expr' in node) return counted(node.A_Expr, at);
  if ('NullTest' in node) return absent(node.NullTest.arg, at) === (node.NullTest.nulltesttype === 'IS_NULL');
  return notUnderstood();
};

const combined = (boolop: string | undefined, answers: readonly Answer[]): Answer => {
  if (boolop === 'NOT_EXPR') return answers[0] === undefined ? undefined : !answers[0];
  const decisive = boolop === 'OR_EXPR';
  if (answers.includes(decisive)) return decisive;
  return answers.includes(undefined) ? undefined : !decisive;
};

/** Whether a condition of a `DO` block holds for what the statements before have made; undefined where it cannot be told. */
export const holds = (node: Node, at: Moment): Answer => {
  if ('BoolExpr' in node) {
    const answers = (node.BoolExpr.args ?? []).map((arg) => holds(arg, at));
    return combined(node.BoolExpr.boolop, answers);
  }
  try {
    return holdsOrThrows(node, at);
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
};
