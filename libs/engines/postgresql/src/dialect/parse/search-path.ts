import type { A_Const, FuncCall, Node, SelectStmt, VariableSetStmt } from '@pgsql/types';
import { splitName } from '../identifiers.js';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';

/** Schemas in which names without a schema are looked up, in order; `"$user"` is left out, as no user is known. */
export type SearchPath = readonly string[];

/** The path a session starts with. */
export const startingPath: SearchPath = [defaultNamespace];

const usable = (schemas: readonly string[]): SearchPath =>
  schemas.filter((name) => name !== '' && name !== '$user' && name !== 'pg_catalog');

const textOf = (node: Node | undefined): string | undefined => {
  if (node && 'A_Const' in node) return (node.A_Const as A_Const).sval?.sval ?? '';
  if (node && 'TypeCast' in node) return textOf(node.TypeCast.arg);
  return undefined;
};

/** The path as one text, the way `set_config` takes it: names with commas between them. */
const fromText = (text: string): SearchPath =>
  usable(text.split(',').flatMap((one) => (one.trim() === '' ? [] : [splitName(one.trim())[0] ?? ''])));

/** What a statement does to the path; `local` until the transaction ends. */
export interface PathChange {
  readonly path: SearchPath;
  readonly local: boolean;
}

const named = (statement: VariableSetStmt): PathChange | undefined => {
  if (statement.kind === 'VAR_RESET_ALL') return { path: startingPath, local: false };
  if (statement.name !== 'search_path') return undefined;
  const isSet = statement.kind === 'VAR_SET_VALUE';
  const path = isSet ? usable((statement.args ?? []).map((node) => textOf(node) ?? '')) : startingPath;
  return { path, local: statement.is_local ?? false };
};

const onlyCall = (select: SelectStmt): FuncCall | undefined => {
  const [target, ...more] = select.targetList ?? [];
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  return more.length === 0 && value && 'FuncCall' in value ? value.FuncCall : undefined;
};

const configured = (select: SelectStmt): PathChange | undefined => {
  const call = onlyCall(select);
  if (nameParts(call?.funcname).at(-1) !== 'set_config') return undefined;
  const [name, value, local] = call?.args ?? [];
  if (textOf(name) !== 'search_path') return undefined;
  const isLocal = local && 'A_Const' in local ? (local.A_Const.boolval?.boolval ?? false) : false;
  return { path: fromText(textOf(value) ?? ''), local: isLocal };
};

/** The new path, where a statement sets one: `SET`, `SET LOCAL`, `RESET`, `DISCARD ALL` or `SELECT set_config(...)`. */
export const pathSetBy = (node: Node): PathChange | undefined => {
  if ('VariableSetStmt' in node) return named(node.VariableSetStmt);
  if ('SelectStmt' in node) return configured(node.SelectStmt);
  if ('DiscardStmt' in node && node.DiscardStmt.target === 'DISCARD_ALL') return { path: startingPath, local: false };
  return undefined;
};

/** Whether names mean what they mean without any path, so that nothing has to be looked up. */
export const isStarting = (path: SearchPath): boolean => path.length === 1 && path[0] === defaultNamespace;
