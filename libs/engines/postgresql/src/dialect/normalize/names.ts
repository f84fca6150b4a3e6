import type { FuncCall, Node } from '@pgsql/types';
import { isServerOperator, isServerRoutine } from '../server-routines.js';
import { canonicalTypeName, nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { spelledAs } from './literals.js';
import { stringNode, stringNodes, stringOf } from './tree.js';

const withoutCatalogue = (nodes: Node[] | undefined): Node[] => {
  const parts = nameParts(nodes);
  return stringNodes(parts.length > 1 && parts[0] === 'pg_catalog' ? parts.slice(1) : parts);
};

const plainlyCalled = new Set(['btrim', 'ltrim', 'rtrim', 'substring', 'position', 'overlay', 'timezone']);

/** Rule: `trim(x)`, `substring(x from 1)`, `x AT TIME ZONE 'utc'` and the like are calls; older servers print them so. */
export const plainCalls = (node: Node): Node => {
  if (!('FuncCall' in node) || node.FuncCall.funcformat !== 'COERCE_SQL_SYNTAX') return node;
  const name = nameParts(node.FuncCall.funcname).at(-1) ?? '';
  return plainlyCalled.has(name)
    ? { FuncCall: { ...node.FuncCall, funcname: stringNodes([name]), funcformat: 'COERCE_EXPLICIT_CALL' } }
    : node;
};

/** Rule: names of the server's own catalogue stand without `pg_catalog`, and every type has one spelling. */
export const catalogueNames = (node: Node): Node => {
  if ('FuncCall' in node && node.FuncCall.funcformat !== 'COERCE_SQL_SYNTAX') {
    return { FuncCall: { ...node.FuncCall, funcname: withoutCatalogue(node.FuncCall.funcname) } };
  }
  if ('A_Expr' in node) return { A_Expr: { ...node.A_Expr, name: withoutCatalogue(node.A_Expr.name) } };
  if ('CollateClause' in node) {
    return { CollateClause: { ...node.CollateClause, collname: withoutCatalogue(node.CollateClause.collname) } };
  }
  if ('TypeCast' in node && node.TypeCast.typeName) {
    node.TypeCast.typeName = canonicalTypeName(node.TypeCast.typeName);
  }
  return node;
};

const inPublic = (nodes: Node[] | undefined, isServers: (name: string) => boolean): Node[] => {
  const parts = nameParts(nodes);
  return parts.length === 1 && !isServers(parts[0] ?? '') ? stringNodes([defaultNamespace, ...parts]) : (nodes ?? []);
};

/** Rule: a routine or operator that the server does not bring is one of the user's, and stands with its schema. */
export const userNames = (node: Node): Node => {
  if ('FuncCall' in node && node.FuncCall.funcformat !== 'COERCE_SQL_SYNTAX') {
    return { FuncCall: { ...node.FuncCall, funcname: inPublic(node.FuncCall.funcname, isServerRoutine) } };
  }
  return 'A_Expr' in node && node.A_Expr.name
    ? { A_Expr: { ...node.A_Expr, name: inPublic(node.A_Expr.name, isServerOperator) } }
    : node;
};

/** Rule: `CURRENT_TIMESTAMP` is `now()`. */
export const currentTimestamp = (node: Node): Node =>
  'SQLValueFunction' in node && node.SQLValueFunction.op === 'SVFOP_CURRENT_TIMESTAMP'
    ? { FuncCall: { funcname: stringNodes(['now']), funcformat: 'COERCE_EXPLICIT_CALL' } }
    : node;

const sequenceFunctions = new Set(['nextval', 'currval', 'setval', 'pg_get_serial_sequence']);
const regclass: Node = { TypeName: { names: stringNodes(['regclass']), typemod: -1 } };

const asRegclass = (argument: Node): Node => {
  const inner = 'TypeCast' in argument ? argument.TypeCast.arg : argument;
  const text = stringOf(inner);
  if (text === undefined || !('TypeName' in regclass)) return argument;
  return { TypeCast: { arg: spelledAs(stringNode(text), 'regclass'), typeName: structuredClone(regclass.TypeName) } };
};

/** Rule: the name in `nextval('s')` is a `regclass` constant. */
export const sequenceNames = (node: Node): Node => {
  if (!('FuncCall' in node)) return node;
  const call: FuncCall = node.FuncCall;
  const [first, ...rest] = call.args ?? [];
  const name = nameParts(call.funcname).at(-1) ?? '';
  if (!first || !sequenceFunctions.has(name) || name === 'pg_get_serial_sequence') return node;
  return { FuncCall: { ...call, args: [asRegclass(first), ...rest] } };
};
