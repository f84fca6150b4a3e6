import type { Node, SelectStmt } from '@pgsql/types';
import { nameParts } from '../type-names.js';

const valueFunctions: { readonly [op: string]: string } = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
};

/** A strong name wins over what stands outside it; a weak one (a type's, `case`) gives way to an inner strong one. */
interface Guess {
  readonly name: string;
  readonly strong: boolean;
}

const strong = (name: string | undefined): Guess | undefined => (name ? { name, strong: true } : undefined);

const firstTarget = (node: Node | undefined): Guess | undefined => {
  const select: SelectStmt | undefined = node && 'SelectStmt' in node ? node.SelectStmt : undefined;
  const target = select?.targetList?.[0];
  if (!target || !('ResTarget' in target)) return undefined;
  return target.ResTarget.name ? strong(target.ResTarget.name) : guess(target.ResTarget.val);
};

const guessSublink = (type: string | undefined, query: Node | undefined): Guess | undefined => {
  if (type === 'EXISTS_SUBLINK') return strong('exists');
  if (type === 'ARRAY_SUBLINK') return strong('array');
  return type === 'EXPR_SUBLINK' ? firstTarget(query) : undefined;
};

/** The server's `FigureColnameInternal`. */
const guess = (node: Node | undefined): Guess | undefined => {
  if (!node) return undefined;
  if ('ColumnRef' in node) return strong(nameParts(node.ColumnRef.fields).at(-1));
  if ('A_Indirection' in node) {
    return strong(nameParts(node.A_Indirection.indirection).at(-1)) ?? guess(node.A_Indirection.arg);
  }
  if ('FuncCall' in node) return strong(nameParts(node.FuncCall.funcname).at(-1));
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? strong('nullif') : undefined;
  if ('TypeCast' in node) return guessCast(guess(node.TypeCast.arg), nameParts(node.TypeCast.typeName?.names).at(-1));
  if ('CollateClause' in node) return guess(node.CollateClause.arg);
  if ('GroupingFunc' in node) return strong('grouping');
  if ('SubLink' in node) return guessSublink(node.SubLink.subLinkType, node.SubLink.subselect);
  if ('CaseExpr' in node) return guessCast(guess(node.CaseExpr.defresult), 'case');
  if ('A_ArrayExpr' in node) return strong('array');
  if ('RowExpr' in node) return strong('row');
  if ('CoalesceExpr' in node) return strong('coalesce');
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_GREATEST' ? 'greatest' : 'least');
  if ('SQLValueFunction' in node) return strong(valueFunctions[node.SQLValueFunction.op ?? '']);
  return undefined;
};

const guessCast = (inner: Guess | undefined, weak: string | undefined): Guess | undefined =>
  inner?.strong || weak === undefined ? inner : { name: weak, strong: false };

/** The name the server gives an output column or an index key without one; undefined where it finds none. */
export const outputName = (node: Node): string | undefined => guess(node)?.name;
