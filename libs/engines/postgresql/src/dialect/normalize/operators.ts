import type { A_Expr, BoolExpr, Node } from '@pgsql/types';
import { nameParts } from '../type-names.js';
import { stringNodes, walk } from './tree.js';

const operator = (
  name: string,
  lexpr: Node | undefined,
  rexpr: Node | undefined,
  kind: A_Expr['kind'] = 'AEXPR_OP',
): Node => ({
  A_Expr: { kind, name: stringNodes([name]), ...(lexpr ? { lexpr } : {}), ...(rexpr ? { rexpr } : {}) },
});

const logical = (boolop: BoolExpr['boolop'], args: Node[]): Node =>
  args.length === 1 ? args[0]! : { BoolExpr: { boolop, args } };

const hasColumn = (node: Node): boolean => {
  let found = false;
  walk(node, (one) => {
    if ('ColumnRef' in one) found = true;
  });
  return found;
};

const listNode = (name: string, lexpr: Node, items: Node[]): Node =>
  items.length > 1 ? operator(name, lexpr, { List: { items } }, 'AEXPR_IN') : operator(name, lexpr, items[0]);

/** Columns among the items are compared one by one, as the server does. */
const inList = (expression: A_Expr): Node | undefined => {
  const { rexpr, lexpr } = expression;
  const items = rexpr && 'List' in rexpr ? (rexpr.List.items ?? []) : undefined;
  if (!items || !lexpr || 'RowExpr' in lexpr) return undefined;
  const name = nameParts(expression.name).at(-1) ?? '=';
  const [single, listed] = [items.filter(hasColumn), items.filter((item) => !hasColumn(item))];
  const head = listed.length === 0 ? [] : [listNode(name, lexpr, listed)];
  const rest = single.map((item) => operator(name, lexpr, item));
  return logical(name === '=' ? 'OR_EXPR' : 'AND_EXPR', [...head, ...rest]);
};

/** `= ANY (ARRAY[...])` is how the server stores a list; as a list its constants need no cast. */
const arrayAsList = (expression: A_Expr, listOperator: string): Node | undefined => {
  const { rexpr, lexpr } = expression;
  const elements = rexpr && 'A_ArrayExpr' in rexpr ? (rexpr.A_ArrayExpr.elements ?? []) : [];
  const name = nameParts(expression.name).at(-1);
  if (!lexpr || 'RowExpr' in lexpr || name !== listOperator || elements.length < 2 || elements.some(hasColumn))
    return undefined;
  return listNode(name, lexpr, elements);
};

const between = (expression: A_Expr): Node | undefined => {
  const { lexpr, rexpr } = expression;
  const [low, high] = rexpr && 'List' in rexpr ? (rexpr.List.items ?? []) : [];
  if (!lexpr || !low || !high) return undefined;
  const inside = (from: Node, to: Node): Node =>
    logical('AND_EXPR', [operator('>=', lexpr, from), operator('<=', lexpr, to)]);
  const outside = (from: Node, to: Node): Node =>
    logical('OR_EXPR', [operator('<', lexpr, from), operator('>', lexpr, to)]);
  switch (expression.kind) {
    case 'AEXPR_BETWEEN':
      return inside(low, high);
    case 'AEXPR_NOT_BETWEEN':
      return outside(low, high);
    case 'AEXPR_BETWEEN_SYM':
      return logical('OR_EXPR', [inside(low, high), inside(high, low)]);
    case 'AEXPR_NOT_BETWEEN_SYM':
      return logical('AND_EXPR', [outside(low, high), outside(high, low)]);
    default:
      return undefined;
  }
};

const isNull = (node: Node | undefined): boolean =>
  node !== undefined && 'A_Const' in node && node.A_Const.isnull === true;

/** What is compared with the bare NULL is asked whether it is NULL. */
const nullTest = ({ lexpr, rexpr, kind }: A_Expr): Node | undefined => {
  const arg = isNull(rexpr) ? lexpr : isNull(lexpr) ? rexpr : undefined;
  if (!arg) return undefined;
  return { NullTest: { arg, nulltesttype: kind === 'AEXPR_DISTINCT' ? 'IS_NOT_NULL' : 'IS_NULL' } };
};

const notDistinct = (expression: A_Expr): Node => logicalNot({ A_Expr: { ...expression, kind: 'AEXPR_DISTINCT' } });

const logicalNot = (node: Node): Node => ({ BoolExpr: { boolop: 'NOT_EXPR', args: [node] } });

/** Rule: the sugar of SQL in the operators the server stores (`IN`, `BETWEEN`, `LIKE`, `IS [NOT] DISTINCT FROM`). */
export const plainOperators = (node: Node): Node => {
  if (!('A_Expr' in node)) return node;
  const expression = node.A_Expr;
  switch (expression.kind) {
    case 'AEXPR_IN':
      return inList(expression) ?? node;
    case 'AEXPR_OP_ANY':
      return arrayAsList(expression, '=') ?? node;
    case 'AEXPR_OP_ALL':
      return arrayAsList(expression, '<>') ?? node;
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      return { A_Expr: { ...expression, kind: 'AEXPR_OP' } };
    case 'AEXPR_NOT_DISTINCT':
      return nullTest(expression) ?? notDistinct(expression);
    case 'AEXPR_DISTINCT':
      return nullTest(expression) ?? node;
    default:
      return between(expression) ?? node;
  }
};

/** Rule: `a AND (b AND c)` is one list of three. */
export const flatLogic = (node: Node): Node => {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop === 'NOT_EXPR') return node;
  const { boolop, args = [] } = node.BoolExpr;
  const flat = args.flatMap((arg) =>
    'BoolExpr' in arg && arg.BoolExpr.boolop === boolop ? (arg.BoolExpr.args ?? []) : [arg],
  );
  return { BoolExpr: { ...node.BoolExpr, args: flat } };
};
