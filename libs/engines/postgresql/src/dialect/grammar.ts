import { withPlainNumbers } from './exponents.js';
import type { Node, RawStmt, SelectStmt, TypeName } from '@pgsql/types';
import { DefinitionSyntaxError, type Location } from '@dsem/schema';
import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } from 'libpg-query';
import { deparseSync } from 'pgsql-deparser';
import { crowded, crowdedComment } from './comment-run.js';
import {
  deeperThan,
  isOverflow,
  levels,
  NestedTooDeeply,
  normalLevels,
  statementLevels,
  withinStack,
} from './depth.js';
import { endlessStatement, wordRunLimit } from './word-run.js';

let loaded: Promise<void> | undefined;

/** Loads PostgreSQL's own grammar (WASM) once per process; every other function here needs it. */
export const loadGrammar = (): Promise<void> => (loaded ??= loadModule());

/** 1-based place of the `offset`-th UTF-16 unit. O(offset). */
export const placeAt = (text: string, offset: number, file?: string): Location => {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
  return { ...(file === undefined ? {} : { file }), line, column };
};

/** UTF-16 units of the first `codePoints` characters. O(codePoints). */
export const unitsOf = (text: string, codePoints: number): number => {
  let unit = 0;
  for (let count = 0; count < codePoints && unit < text.length; count++)
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
};

/** What the grammar says of a text: its statements, or what is wrong and where, in UTF-16 units. */
export type Parsed =
  | { readonly statements: readonly RawStmt[] }
  | { readonly message: string; readonly unit: number; readonly cause: unknown; readonly tooDeep?: string };

/** The statements of a text that holds no NUL and no endless statement. */
export const parseStatements = (text: string): Parsed => {
  if (text.trim() === '') return { statements: [] };
  try {
    return { statements: parseSync(text).stmts ?? [] };
  } catch (cause) {
    const details = hasSqlDetails(cause) ? cause.sqlDetails : undefined;
    const message = details?.message ?? (cause instanceof Error ? cause.message : String(cause));
    const unit = unitsOf(text, Math.max(0, details?.cursorPosition ?? 0));
    return { message, unit, cause, ...(isOverflow(cause) ? { tooDeep: levels(statementLevels) } : {}) };
  }
};

const syntaxError = (cause: unknown, text: string, file?: string): DefinitionSyntaxError => {
  const details = hasSqlDetails(cause) ? cause.sqlDetails : undefined;
  const message = details?.message ?? (cause instanceof Error ? cause.message : String(cause));
  const location = placeAt(text, unitsOf(text, Math.max(0, details?.cursorPosition ?? 0)), file);
  if (isOverflow(cause)) return new NestedTooDeeply(levels(statementLevels), { cause, location });
  return new DefinitionSyntaxError(`${message}, at line ${location.line}, column ${location.column}`, {
    cause,
    location,
  });
};

const refuseNul = (text: string, file?: string): void => {
  if (!text.includes('\0')) return;
  throw new DefinitionSyntaxError('the text holds a NUL character', {
    location: placeAt(text, text.indexOf('\0'), file),
  });
};

/** @throws DefinitionSyntaxError with the place where the lexer would stand still over comments that run together. */
export const refuseCrowdedComments = (text: string, file?: string): void => {
  const unit = crowdedComment(text);
  if (unit === undefined) return;
  const location = placeAt(text, unit, file);
  throw new DefinitionSyntaxError(`${crowded}, at line ${location.line}, column ${location.column}`, { location });
};

/**
 * The statements of a text.
 * @throws DefinitionSyntaxError with the server's message and the place.
 */
export const statementsOf = (text: string, file?: string): readonly RawStmt[] => {
  refuseNul(text, file);
  if (text.trim() === '') return [];
  refuseCrowdedComments(text, file);
  const endless = endlessStatement(text);
  if (endless !== undefined)
    throw new NestedTooDeeply(`${wordRunLimit} words without a comma`, { location: placeAt(text, endless, file) });
  try {
    return parseSync(text).stmts ?? [];
  } catch (cause) {
    throw syntaxError(cause, text, file);
  }
};

interface Compiled {
  readonly action?: object;
}

/** The code of one CREATE FUNCTION in PL/pgSQL, as the server's own compiler reads it. */
export const plpgsqlFunction = (text: string): Compiled => {
  refuseNul(text);
  refuseCrowdedComments(text);
  try {
    const { plpgsql_funcs: [made] = [] } = parsePlPgSQLSync(text) as unknown as {
      readonly plpgsql_funcs?: readonly { readonly PLpgSQL_function?: Compiled }[];
    };
    return made?.PLpgSQL_function ?? {};
  } catch (cause) {
    throw syntaxError(cause, text);
  }
};

/** The outermost block of one PL/pgSQL text (`DO '...'`). */
export const plpgsqlOf = (text: string): object => plpgsqlFunction(text).action ?? {};

const boundedStatements = (text: string): readonly RawStmt[] => {
  const statements = statementsOf(text);
  if (deeperThan(statements, normalLevels)) throw new NestedTooDeeply(levels(normalLevels));
  return statements;
};

const onlyValue = (select: SelectStmt | undefined): Node | undefined => {
  const [target, ...more] = select?.targetList ?? [];
  const extra =
    more.length > 0 || select?.fromClause || select?.whereClause || select?.sortClause || select?.op !== 'SETOP_NONE';
  if (!target || extra || !('ResTarget' in target) || target.ResTarget.name !== undefined) return undefined;
  return target.ResTarget.val;
};

/**
 * The tree of one expression.
 * @throws DefinitionSyntaxError when the text is not exactly one expression.
 */
export const expressionTree = (text: string): Node => {
  const statements = boundedStatements(`SELECT ${text}`);
  const statement = statements.length === 1 ? statements[0]!.stmt : undefined;
  const value = statement && 'SelectStmt' in statement ? onlyValue(statement.SelectStmt) : undefined;
  if (!value) throw new DefinitionSyntaxError(`not one expression: ${text}`);
  return withPlainNumbers(value, text);
};

/** The tree of one query. @throws DefinitionSyntaxError when the text is not exactly one SELECT. */
export const queryTree = (text: string): SelectStmt => {
  const statements = boundedStatements(text);
  const statement = statements.length === 1 ? statements[0]!.stmt : undefined;
  if (!statement || !('SelectStmt' in statement)) throw new DefinitionSyntaxError(`not one query: ${text}`);
  return withPlainNumbers(statement.SelectStmt, text);
};

/** The tree of a type's name. @throws DefinitionSyntaxError when the text is not one type. */
export const typeTree = (text: string): TypeName => {
  const value = expressionTree(`NULL::${text}`);
  const cast = 'TypeCast' in value ? value.TypeCast : undefined;
  const inner = cast?.arg;
  if (!cast?.typeName || !inner || !('A_Const' in inner)) throw new DefinitionSyntaxError(`not a type: ${text}`);
  return cast.typeName;
};

/** SQL text of a tree, on one line where the printer allows. @throws NestedTooDeeply when the stack is too small. */
export const printTree = (node: Node): string => withinStack(() => deparseSync(node, { pretty: false }));
