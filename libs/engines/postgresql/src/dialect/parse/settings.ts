import type { Node, VariableSetStmt } from '@pgsql/types';
import { printTree } from '../grammar.js';
import { literal, shortest } from '../identifiers.js';

/** Settings whose value is a list of names, which the server stores quoted as names. */
const nameLists = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
]);

const plainValue = (node: Node): string => {
  if (!('A_Const' in node)) return printTree(node);
  const { sval, ival, fval, boolval } = node.A_Const;
  if (sval) return sval.sval ?? '';
  if (ival) return String(ival.ival ?? 0);
  return fval ? (fval.fval ?? '') : String(boolval?.boolval ?? false);
};

/** A setting as the server stores it: name in lower case, value as one text; undefined where the value is taken away. */
export const settingOf = (statement: VariableSetStmt): readonly [name: string, value: string | undefined] => {
  const name = (statement.name ?? '').toLowerCase();
  if (statement.kind !== 'VAR_SET_VALUE') return [name, undefined];
  const values = (statement.args ?? []).map(plainValue);
  return [name, (nameLists.has(name) ? values.map(shortest) : values).join(', ')];
};

const listItem = /\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)/gy;

/** The names of a list setting. */
export const listedNames = (value: string): readonly string[] =>
  [...value.matchAll(listItem)].map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.toLowerCase());

/** The value of a setting as SQL. */
export const settingText = (name: string, value: string): string =>
  nameLists.has(name) ? listedNames(value).map(literal).join(', ') : literal(value);
