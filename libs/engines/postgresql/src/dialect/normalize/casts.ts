import type { A_Expr, Node, TypeCast } from '@pgsql/types';
import { nameParts, typeText } from '../type-names.js';
import { comparisons, convertsQuietly, typeOf } from './infer.js';
import { spelledAs } from './literals.js';
import { plainType, type Rule, type Surroundings } from './scope.js';
import { numberOf, stringOf } from './tree.js';

const textual = new Set(['text', 'character varying']);

const castType = (cast: TypeCast): string => (cast.typeName ? typeText(cast.typeName) : '');

const isConstant = (node: Node): boolean => stringOf(node) !== undefined || numberOf(node) !== undefined;

const isStringArray = (node: Node | undefined): boolean =>
  node !== undefined &&
  'A_ArrayExpr' in node &&
  (node.A_ArrayExpr.elements ?? []).length > 0 &&
  (node.A_ArrayExpr.elements ?? []).every((element) => stringOf(element) !== undefined);

/** Rule: a cast to the type a value has does nothing, a string constant is text by itself, and a column of `character varying` reads as text everywhere. */
export const textCasts: Rule = (node, at) => {
  if (!('TypeCast' in node) || !node.TypeCast.arg) return node;
  const { arg } = node.TypeCast;
  const type = castType(node.TypeCast);
  if (!isConstant(arg) && typeOf(arg, at) === type) return arg;
  if (at.decides?.(node.TypeCast)) return type === 'text' && stringOf(arg) !== undefined ? arg : node;
  if (textual.has(type) && stringOf(arg) !== undefined) return arg;
  if (type === 'text' && 'ColumnRef' in arg && typeOf(arg, at) === 'character varying') return arg;
  return ['text[]', 'character varying[]'].includes(type) && isStringArray(arg) ? arg : node;
};

/** Next to a `real` the server reads a number as `double precision`. */
const isWiderFloat = (cast: TypeCast, beside: string): boolean =>
  beside === 'real' &&
  castType(cast) === 'double precision' &&
  cast.arg !== undefined &&
  numberOf(cast.arg) !== undefined;

/** The operand without a cast the server would add by itself next to a value of type `beside`. */
const bare = (node: Node, beside: string | undefined, at: Surroundings, constantsOnly: boolean): Node => {
  if (!('TypeCast' in node) || !node.TypeCast.arg || beside === undefined) return node;
  const { arg } = node.TypeCast;
  if (isWiderFloat(node.TypeCast, beside)) return arg;
  if (
    plainType(castType(node.TypeCast)) !== plainType(beside) &&
    !(textual.has(castType(node.TypeCast)) && textual.has(beside))
  )
    return node;
  if (isConstant(arg)) return stringOf(arg) !== undefined || convertsOrSame(arg, beside, at) ? arg : node;
  if (constantsOnly) return node;
  const inner = typeOf(arg, at);
  return inner !== undefined && convertsQuietly(inner, plainType(beside)) ? arg : node;
};

const convertsOrSame = (arg: Node, beside: string, at: Surroundings): boolean => {
  const inner = typeOf(arg, at);
  return inner !== undefined && (inner === beside || convertsQuietly(inner, beside));
};

const pairs = new Set(['AEXPR_OP', 'AEXPR_DISTINCT', 'AEXPR_NULLIF']);

const bothSides = (expression: A_Expr, at: Surroundings): Node => {
  let { lexpr, rexpr } = expression;
  if (!lexpr || !rexpr) return { A_Expr: expression };
  for (const constantsOnly of [true, false]) {
    rexpr = bare(rexpr, typeOf(lexpr, at), at, constantsOnly);
    lexpr = bare(lexpr, typeOf(rexpr, at), at, constantsOnly);
  }
  if (!comparisons.has(nameParts(expression.name).at(-1) ?? '') || nameParts(expression.name)[0]?.startsWith('?')) {
    return { A_Expr: { ...expression, lexpr, rexpr } };
  }
  const [left, right] = [spelledAs(lexpr, typeOf(rexpr, at)), spelledAs(rexpr, typeOf(lexpr, at))];
  return { A_Expr: { ...expression, lexpr: left, rexpr: right } };
};

const wideFirst = ['double precision', 'numeric'];

/** `x IN ('a'::t, ...)`: items are read with the type of `x`, a whole number with the type of wider items. */
const listItems = (expression: A_Expr, at: Surroundings): Node => {
  const { lexpr, rexpr } = expression;
  if (!lexpr || !rexpr || !('List' in rexpr)) return { A_Expr: expression };
  const beside = typeOf(lexpr, at);
  const items = (rexpr.List.items ?? []).map((item) => spelledAs(bare(item, beside, at, true), beside));
  const types = items.map((item) => typeOf(item, at));
  const widest = wideFirst.find((type) => types.includes(type));
  return { A_Expr: { ...expression, lexpr: bare(lexpr, widest, at, false), rexpr: { List: { items } } } };
};

const amongEqual = (args: readonly Node[], at: Surroundings): Node[] => {
  const known = args
    .filter((arg) => !('TypeCast' in arg))
    .map((arg) => typeOf(arg, at))
    .find((type) => type !== undefined);
  return args.map((arg) => bare(arg, known, at, false));
};

/** Rule: casts the server adds to bring both sides of an operator, or all branches, to one type. */
export const operandCasts: Rule = (node, at) => {
  if ('A_Expr' in node) {
    if (pairs.has(node.A_Expr.kind ?? '')) return bothSides(node.A_Expr, at);
    return node.A_Expr.kind === 'AEXPR_IN' ? listItems(node.A_Expr, at) : node;
  }
  if ('CoalesceExpr' in node) {
    return { CoalesceExpr: { ...node.CoalesceExpr, args: amongEqual(node.CoalesceExpr.args ?? [], at) } };
  }
  if ('MinMaxExpr' in node) {
    return { MinMaxExpr: { ...node.MinMaxExpr, args: amongEqual(node.MinMaxExpr.args ?? [], at) } };
  }
  return node;
};

const preferred = (argument: Node, at: Surroundings): Node => {
  if (!('TypeCast' in argument) || !argument.TypeCast.arg) return argument;
  const { arg } = argument.TypeCast;
  const [to, from] = [castType(argument.TypeCast), typeOf(arg, at)];
  if (to === 'text' && from === 'character') return arg;
  if (to === 'regconfig' && stringOf(arg) !== undefined) return arg;
  return to === 'double precision' && from !== undefined && convertsQuietly(from, to) ? arg : argument;
};

/**
 * Rule: casts the server adds to arguments of its own functions because it prefers that type. With functions of the user
 * a cast may say which overload is meant.
 */
export const argumentCasts: Rule = (node, at) =>
  'FuncCall' in node && node.FuncCall.args && node.FuncCall.funcname?.length === 1
    ? { FuncCall: { ...node.FuncCall, args: node.FuncCall.args.map((argument) => preferred(argument, at)) } }
    : node;

const counts = new Set(['smallint', 'integer', 'bigint', 'numeric']);
const numbers = new Set([...counts, 'real', 'double precision']);

/** A whole number comes to the same through any of the number types. */
const wholeNumber = (node: Node, type: string, wanted: string): boolean =>
  counts.has(type) && numbers.has(wanted) && /^-?\d+$/.test(numberOf(node) ?? '');

/** Without the cast to the type the value gets anyway, because the column has it. */
export const withoutColumnCast = (node: Node, columnType: string): Node => {
  if (!('TypeCast' in node) || !node.TypeCast.arg) return node;
  const type = plainType(castType(node.TypeCast));
  const wanted = plainType(columnType);
  const same =
    type === wanted || (textual.has(type) && textual.has(wanted)) || (type === 'bpchar' && wanted === 'character');
  const { arg } = node.TypeCast;
  return (same && isConstant(arg)) || wholeNumber(arg, type, wanted) ? arg : node;
};
