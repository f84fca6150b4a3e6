import type { Node, PartitionBoundSpec } from '@pgsql/types';
import { UnsupportedDefinition } from '@dsem/schema';
import { printTree, statementsOf } from '../grammar.js';
import { literal } from '../identifiers.js';
import { plainDecimal } from '../decimals.js';
import { spelledAs, truthOf } from './literals.js';
import { numberOf, stringNode, stringOf } from './tree.js';
import { nameParts } from '../type-names.js';

/** The tree of `FOR VALUES ...` or `DEFAULT`. @throws DefinitionSyntaxError when the text is no bound. */
export const boundTree = (bound: string): PartitionBoundSpec => {
  const [statement] = statementsOf(`CREATE TABLE p PARTITION OF t ${bound}`);
  const node = statement?.stmt;
  const spec = node && 'CreateStmt' in node ? node.CreateStmt.partbound : undefined;
  if (spec === undefined) throw new UnsupportedDefinition(`Not the bound of a partition: ${bound}`);
  return spec;
};

type Value = (node: Node, at: number) => string;

const list = (nodes: readonly Node[] | undefined, value: Value): string => (nodes ?? []).map(value).join(', ');

/** A bound as text, each value as `value` spells it. */
const textOf = (spec: PartitionBoundSpec, value: Value): string => {
  if (spec.is_default) return 'DEFAULT';
  switch (spec.strategy) {
    case 'h':
      return `FOR VALUES WITH (modulus ${spec.modulus ?? 0}, remainder ${spec.remainder ?? 0})`;
    case 'l': {
      const values = (spec.listdatums ?? []).map((node) => value(node, 0));
      return `FOR VALUES IN (${[...new Set(values)].sort().join(', ')})`;
    }
    default:
      return `FOR VALUES FROM (${list(spec.lowerdatums, value)}) TO (${list(spec.upperdatums, value)})`;
  }
};

/** A bound as it was written. */
export const boundText = (spec: PartitionBoundSpec): string => textOf(spec, (node) => printTree(node));

const numbers = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']);
const isNumber = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

const number = (text: string): string => {
  const plain = plainDecimal(text.replace(/^\+/, ''));
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
};

const constantOf = (node: Node): string | undefined => {
  if ('TypeCast' in node && node.TypeCast.arg) return constantOf(node.TypeCast.arg);
  if ('A_Const' in node && node.A_Const.boolval) return node.A_Const.boolval.boolval ? 'true' : 'false';
  if ('A_Expr' in node && !node.A_Expr.lexpr && nameParts(node.A_Expr.name)[0] === '-') {
    const digits = numberOf(node.A_Expr.rexpr);
    return digits === undefined ? undefined : `-${digits}`;
  }
  return stringOf(node) ?? numberOf(node);
};

const isNull = (node: Node): boolean =>
  ('A_Const' in node && node.A_Const.isnull === true) ||
  ('TypeCast' in node && node.TypeCast.arg !== undefined && isNull(node.TypeCast.arg));

const infinite = (node: Node): string | undefined => {
  const word = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields).join('.').toUpperCase() : '';
  return word === 'MINVALUE' || word === 'MAXVALUE' ? word : undefined;
};

/** A value as a key of that type holds it; the server tells whole numbers of some types as strings. */
const spelled = (text: string, type: string | undefined): string => {
  const truth = type === 'boolean' ? truthOf(text) : undefined;
  if (truth !== undefined) return String(truth);
  if ((type === undefined || numbers.has(type)) && isNumber.test(text)) return number(text);
  return literal(stringOf(spelledAs(stringNode(type === 'character' ? text.trimEnd() : text), type)) ?? text);
};

/**
 * The normal form of a bound; `types` are those of the key.
 * @throws UnsupportedDefinition for a value that is computed when the partition is made.
 */
export const normalBound = (bound: string, types: readonly (string | undefined)[], object: string): string =>
  textOf(boundTree(bound), (node, at) => {
    if (isNull(node)) return 'NULL';
    const text = constantOf(node);
    if (text !== undefined) return spelled(text, types[at]);
    const word = infinite(node);
    if (word !== undefined) return word;
    throw new UnsupportedDefinition(
      `The bound of ${object} is computed when the partition is made: ${printTree(node)}. Write the value instead.`,
      { object },
    );
  });
