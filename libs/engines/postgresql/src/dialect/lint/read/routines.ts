import type { CreateFunctionStmt, DefElem, DoStmt, Node } from '@pgsql/types';
import type { Location } from '@dsem/schema';
import { hasSqlDetails, parsePlPgSQLSync } from 'libpg-query';
import { expressionTree, refuseCrowdedComments, statementsOf } from '../../grammar.js';
import { stringOf } from '../../normalize/tree.js';
import { elementsOf } from '../../parse/options.js';
import { nameParts } from '../../type-names.js';
import type { Act } from '../acts.js';
import type { Places } from '../places.js';
import { full, type Reader } from './reader.js';

/** How the statements of a body are read; handed in, since they can be of every kind. */
export type ReadNode = (reader: Reader, node: Node) => readonly Act[];

/** A body and where it stands in the script. */
interface Body {
  readonly text: string;
  /** The UTF-16 unit at which it begins, where it stands there as it is. */
  readonly unit: number | undefined;
  readonly language: string;
}

const option = (elements: readonly DefElem[], name: string): DefElem | undefined =>
  elements.find(({ defname }) => defname === name);

const textOf = (node: Node | undefined): string | undefined => {
  if (node && 'List' in node) return nameParts(node.List.items)[0];
  return node && 'String' in node ? node.String.sval : undefined;
};

const bodyOf = (reader: Reader, options: readonly Node[] | undefined, fallback: string): Body | undefined => {
  const elements = elementsOf(options);
  const as = option(elements, 'as');
  const text = textOf(as?.arg);
  if (text === undefined) return undefined;
  const found = reader.text.indexOf(text, reader.places.unit(as?.location ?? 0));
  const language = textOf(option(elements, 'language')?.arg)?.toLowerCase() ?? fallback;
  return { text, unit: found < 0 ? undefined : found, language };
};

const fixed = (location: Location): Places => ({ at: () => location, ofUnit: () => location, unit: () => 0 });

const shifted = (places: Places, text: string, by: number): Places => {
  const bytes = new TextEncoder().encode(text);
  const unit = (offset: number): number => by + new TextDecoder().decode(bytes.subarray(0, offset)).length;
  return { unit, ofUnit: places.ofUnit, at: (offset) => places.ofUnit(unit(offset)) };
};

const message = (error: unknown): string =>
  (hasSqlDetails(error) ? error.sqlDetails?.message : undefined) ?? (error instanceof Error ? error.message : '');

const placed = (acts: readonly Act[], at: Location): readonly Act[] =>
  acts.map((act): Act => (act.at === undefined ? { ...act, at } : act));

const blank = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/** The statements of a text within a script. */
const sqlActs = (reader: Reader, read: ReadNode, text: string): readonly Act[] => {
  return statementsOf(text).flatMap(({ stmt, stmt_location = 0 }) => {
    if (!stmt) return [];
    const rest = text.slice(stmt_location);
    const skipped = blank.exec(rest)?.[0].length ?? 0;
    return placed(read({ ...reader, text, statement: rest }, stmt), reader.places.at(stmt_location + skipped));
  });
};

const lineAt = (reader: Reader, body: Body, line: number, query: string): Location => {
  const start = body.unit ?? 0;
  const before =
    body.text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  const rest = body.text.slice(before);
  const word = query.trimStart().split('\n')[0]?.trimEnd() ?? '';
  const found = rest.indexOf(word);
  const indent = /^\s*/.exec(rest)?.[0].length ?? 0;
  return reader.places.ofUnit(start + before + (found >= 0 ? found : indent));
};

type Fields = { readonly [key: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const queryIn = (statement: Fields): string | undefined => {
  const held = statement.sqlstmt ?? statement.expr ?? statement.query;
  const expression = isFields(held) ? held.PLpgSQL_expr : undefined;
  return isFields(expression) && typeof expression.query === 'string' ? expression.query : undefined;
};

const joined = (node: Node | undefined): string | undefined => {
  if (node && 'A_Expr' in node && nameParts(node.A_Expr.name)[0] === '||') {
    const [left, right] = [joined(node.A_Expr.lexpr), joined(node.A_Expr.rexpr)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return stringOf(node);
};

/** The SQL that EXECUTE runs when it is a constant. */
const constantSql = (expression: string): string | undefined => {
  try {
    return joined(expressionTree(expression));
  } catch {
    return undefined;
  }
};

const runs: ReadonlySet<string> = new Set([
  'PLpgSQL_stmt_execsql',
  'PLpgSQL_stmt_perform',
  'PLpgSQL_stmt_call',
  'PLpgSQL_stmt_fors',
  'PLpgSQL_stmt_return_query',
]);

interface Found {
  readonly kind: string;
  readonly query: string;
  readonly line: number;
}

/** Every statement of a PL/pgSQL tree that reaches the database, in order. */
const reaching = (value: unknown): readonly Found[] => {
  if (Array.isArray(value)) return value.flatMap(reaching);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([kind, held]): readonly Found[] => {
    const inner = reaching(held);
    if (!isFields(held)) return inner;
    const line = typeof held.lineno === 'number' ? held.lineno : 1;
    if (kind === 'PLpgSQL_stmt_commit' || kind === 'PLpgSQL_stmt_rollback') return [{ kind, query: 'COMMIT', line }];
    const query = runs.has(kind) || kind === 'PLpgSQL_stmt_dynexecute' ? queryIn(held) : undefined;
    return query === undefined ? inner : [{ kind, query, line }, ...inner];
  });
};

const actsOf = (reader: Reader, read: ReadNode, body: Body, found: Found): readonly Act[] => {
  const at = lineAt(reader, body, found.line, found.query);
  const inner = { ...reader, places: fixed(at) };
  const sql = found.kind === 'PLpgSQL_stmt_dynexecute' ? constantSql(found.query) : found.query;
  if (sql === undefined) return [{ kind: 'dynamic', text: found.query, at }];
  try {
    return sqlActs(inner, read, sql);
  } catch (error) {
    return [{ kind: 'unknown', what: found.query.slice(0, 60), problem: message(error), at }];
  }
};

const plpgsqlActs = (reader: Reader, read: ReadNode, body: Body): readonly Act[] => {
  refuseCrowdedComments(body.text);
  return reaching(parsePlPgSQLSync(reader.statement)).flatMap((found) => actsOf(reader, read, body, found));
};

const bodyActs = (reader: Reader, read: ReadNode, body: Body, whole: string): readonly Act[] => {
  try {
    if (body.language === 'plpgsql') return plpgsqlActs(reader, read, body);
    if (body.language !== 'sql') return [];
    const places = body.unit === undefined ? reader.places : shifted(reader.places, body.text, body.unit);
    return sqlActs({ ...reader, places }, read, body.text);
  } catch (error) {
    return [{ kind: 'unknown', what: whole, problem: message(error) }];
  }
};

/** DO: its statements run now. */
export const runBlock = (reader: Reader, statement: DoStmt, read: ReadNode): readonly Act[] => {
  const body = bodyOf(reader, statement.args, 'plpgsql');
  const acts = body ? bodyActs(reader, read, body, 'the body of the DO block') : [];
  const foreign: readonly Act[] =
    body && body.language !== 'plpgsql' && body.language !== 'sql'
      ? [{ kind: 'dynamic', text: `a block in ${body.language}` }]
      : [];
  return [{ kind: 'run', how: 'do', acts: [...acts, ...foreign] }];
};

const atomicActs = (reader: Reader, read: ReadNode, body: Node | undefined): readonly Act[] => {
  if (!body) return [];
  if ('List' in body) return (body.List.items ?? []).flatMap((node) => atomicActs(reader, read, node));
  return read(reader, body);
};

/** CREATE FUNCTION and PROCEDURE: what their body does is kept for when it is called. */
export const createRoutine = (reader: Reader, statement: CreateFunctionStmt, read: ReadNode): readonly Act[] => {
  const name = full(reader, nameParts(statement.funcname));
  const body = bodyOf(reader, statement.options, 'sql');
  const acts = body
    ? bodyActs(reader, read, body, `the body of ${name.namespace}.${name.name}`)
    : atomicActs(reader, read, statement.sql_body);
  return [{ kind: 'create-routine', name, replace: statement.replace ?? false, acts }];
};
