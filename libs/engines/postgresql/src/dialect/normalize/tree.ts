import type { Node } from '@pgsql/types';
import { nameParts } from '../type-names.js';

type Fields = { [key: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a tagged node (`{ ColumnRef: ... }`). */
const isNode = (value: unknown): value is Node => {
  if (!isFields(value)) return false;
  const [key, ...more] = Object.keys(value);
  return key !== undefined && more.length === 0 && /^[A-Z]/.test(key);
};

/**
 * Rebuilds a tree from the leaves upwards; `visit` sees each node with its children done. Places are left out.
 * Objects that `keep` were annotated by identity stay the same objects where nothing in them changed. O(nodes).
 */
export const rewrite = <Value>(value: Value, visit: (node: Node) => Node): Value => {
  if (Array.isArray(value)) return value.map((one) => rewrite<unknown>(one, visit)) as Value;
  if (!isFields(value)) return value;
  const made: Fields = value;
  for (const [key, held] of Object.entries(value)) {
    if (key === 'location' || key.startsWith('rexpr_list_') || key.startsWith('list_')) delete made[key];
    else if (typeof held === 'object') made[key] = rewrite<unknown>(held, visit);
  }
  return (isNode(made) ? visit(made) : made) as Value;
};

/** Calls `see` for every node of a tree, outer ones first. O(nodes). */
export const walk = (value: unknown, see: (node: Node) => void): void => {
  if (Array.isArray(value)) for (const one of value) walk(one, see);
  else if (isFields(value)) {
    if (isNode(value)) see(value);
    for (const held of Object.values(value)) if (typeof held === 'object') walk(held, see);
  }
};

/** The last part of every column reference of an expression, in order. */
export const columnsIn = (tree: Node): readonly string[] => {
  const names: string[] = [];
  walk(tree, (node) => {
    if ('ColumnRef' in node) names.push(nameParts(node.ColumnRef.fields).at(-1) ?? '');
  });
  return names;
};

/** The text of a string constant; undefined for every other node. */
export const stringOf = (node: Node | undefined): string | undefined =>
  node && 'A_Const' in node && node.A_Const.sval ? (node.A_Const.sval.sval ?? '') : undefined;

/** The number as written of a numeric constant; undefined for every other node. */
export const numberOf = (node: Node | undefined): string | undefined => {
  if (!node || !('A_Const' in node)) return undefined;
  if (node.A_Const.ival) return String(node.A_Const.ival.ival ?? 0);
  return node.A_Const.fval ? node.A_Const.fval.fval : undefined;
};

/** A string constant. */
export const stringNode = (sval: string): Node => ({ A_Const: { sval: { sval } } });

/** A numeric constant, of the node kind the grammar makes for it. */
export const numberNode = (text: string): Node => {
  const value = Number(text);
  const fits = /^-?\d+$/.test(text) && Math.abs(value) <= 2_147_483_647;
  return { A_Const: fits ? { ival: value === 0 ? {} : { ival: value } } : { fval: { fval: text } } };
};

/** A list of strings as nodes. */
export const stringNodes = (parts: readonly string[]): Node[] => parts.map((sval) => ({ String: { sval } }));
