import type { A_Expr, FuncCall, Node } from '@pgsql/types';
import { nameParts, typeText } from '../type-names.js';
import { plainType, type Surroundings } from './scope.js';

const towers = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
/** Operators whose result is boolean. */
export const comparisons: ReadonlySet<string> = new Set([
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '~',
  '!~',
  '~*',
  '!~*',
  '@>',
  '<@',
  '&&',
  '@@',
  '?',
  '?|',
  '?&',
]);

/** Result types of functions that schemas often use; every other function's type is unknown. */
const functions: { readonly [name: string]: string } = {
  now: 'timestamp with time zone',
  clock_timestamp: 'timestamp with time zone',
  lower: 'text',
  upper: 'text',
  btrim: 'text',
  ltrim: 'text',
  rtrim: 'text',
  concat: 'text',
  replace: 'text',
  substring: 'text',
  to_char: 'text',
  md5: 'text',
  regexp_replace: 'text',
  split_part: 'text',
  length: 'integer',
  char_length: 'integer',
  octet_length: 'integer',
  array_length: 'integer',
  cardinality: 'integer',
  jsonb_array_length: 'integer',
  count: 'bigint',
  row_number: 'bigint',
  nextval: 'bigint',
  gen_random_uuid: 'uuid',
  date_part: 'double precision',
  extract: 'numeric',
  jsonb_typeof: 'text',
  to_tsvector: 'tsvector',
  current_setting: 'text',
};

/** `AT TIME ZONE` turns one kind of timestamp into the other. */
const flipped: { readonly [type: string]: string } = {
  'timestamp with time zone': 'timestamp without time zone',
  'timestamp without time zone': 'timestamp with time zone',
};

/** Aggregates whose result follows from the type of their argument. */
const aggregates: { readonly [name: string]: { readonly [argument: string]: string } } = {
  sum: {
    smallint: 'bigint',
    integer: 'bigint',
    bigint: 'numeric',
    numeric: 'numeric',
    real: 'real',
    'double precision': 'double precision',
    interval: 'interval',
  },
  avg: {
    smallint: 'numeric',
    integer: 'numeric',
    bigint: 'numeric',
    numeric: 'numeric',
    real: 'double precision',
    'double precision': 'double precision',
    interval: 'interval',
  },
};

/** Functions whose result has the type of their first argument. */
const sameAsArgument = new Set(['abs', 'min', 'max', 'nullif']);

const functionType = (call: FuncCall, at: Surroundings): string | undefined => {
  const name = nameParts(call.funcname).at(-1) ?? '';
  const argument = (): string | undefined => call.args?.[0] && typeOf(call.args[0], at);
  if (sameAsArgument.has(name)) return argument();
  if (aggregates[name]) return aggregates[name][argument() ?? ''];
  if (name === 'timezone') return flipped[(call.args?.[1] && typeOf(call.args[1], at)) ?? ''];
  return functions[name];
};

/** The wider of two numeric types, as the server resolves arithmetic. */
export const widerNumber = (one: string | undefined, other: string | undefined): string | undefined => {
  const ranks = [one, other].map((type) => towers.indexOf(type ?? ''));
  return ranks.some((rank) => rank < 0) ? undefined : towers[Math.max(...ranks)];
};

/** Whether the server converts `from` to `to` by itself inside an expression. */
export const convertsQuietly = (from: string, to: string): boolean => {
  const [low, high] = [towers.indexOf(from), towers.indexOf(to)];
  if (low >= 0 && high > low) return true;
  if (to === 'text') return from === 'character varying' || from === 'name' || from === 'character';
  if (to === 'character varying') return from === 'text';
  if (to === 'timestamp with time zone') return from === 'date' || from === 'timestamp without time zone';
  return to === 'timestamp without time zone' && from === 'date';
};

const operatorType = (expression: A_Expr, at: Surroundings): string | undefined => {
  if (expression.kind !== 'AEXPR_OP') return 'boolean';
  const name = nameParts(expression.name).at(-1) ?? '';
  if (comparisons.has(name)) return 'boolean';
  if (name === '->>' || name === '#>>') return 'text';
  const left = expression.lexpr && typeOf(expression.lexpr, at);
  const right = expression.rexpr && typeOf(expression.rexpr, at);
  if (name === '->' || name === '#>') return left;
  if (name === '||' && (left === 'text' || right === 'text')) return 'text';
  if (!expression.lexpr) return right;
  if (['timestamp with time zone', 'timestamp without time zone'].includes(left ?? '') && right === 'interval')
    return left;
  return widerNumber(left, right);
};

const constantType = (node: Node): string | undefined => {
  if (!('A_Const' in node)) return undefined;
  const { ival, fval, boolval } = node.A_Const;
  if (ival) return 'integer';
  if (fval) return /^-?\d+$/.test(fval.fval ?? '') && Math.abs(Number(fval.fval)) < 2 ** 63 ? 'bigint' : 'numeric';
  return boolval ? 'boolean' : undefined;
};

const valueFunctionType = (op: string | undefined): string | undefined => {
  if (op === 'SVFOP_CURRENT_DATE') return 'date';
  if (op?.startsWith('SVFOP_LOCALTIMESTAMP')) return 'timestamp without time zone';
  return op?.startsWith('SVFOP_CURRENT_TIMESTAMP') ? 'timestamp with time zone' : undefined;
};

const firstKnown = (nodes: readonly Node[] | undefined, at: Surroundings): string | undefined =>
  (nodes ?? []).map((node) => typeOf(node, at)).find((type) => type !== undefined);

/** The type an expression has before conversion, without modifiers; undefined where only the server knows. O(nodes). */
export const typeOf = (node: Node, at: Surroundings): string | undefined => {
  if ('ColumnRef' in node) return at.columnType(node.ColumnRef);
  if ('TypeCast' in node) return node.TypeCast.typeName && plainType(typeText(node.TypeCast.typeName));
  if ('FuncCall' in node) return functionType(node.FuncCall, at);
  if ('A_Expr' in node) return operatorType(node.A_Expr, at);
  if ('CollateClause' in node) return node.CollateClause.arg && typeOf(node.CollateClause.arg, at);
  if ('SQLValueFunction' in node) return valueFunctionType(node.SQLValueFunction.op);
  if ('CoalesceExpr' in node) return firstKnown(node.CoalesceExpr.args, at);
  if ('MinMaxExpr' in node) return firstKnown(node.MinMaxExpr.args, at);
  if ('BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node) return 'boolean';
  return constantType(node);
};
