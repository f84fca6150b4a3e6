import type { Note, SourceText } from '@dsem/engine';
import { DefinitionSyntaxError, InconsistentDefinition, type Location, type Refusal } from '@dsem/schema';
import pg from 'pg';
import { unitsOf } from '../dialect/grammar.js';
import { countedNotes } from '../dialect/parse/counted-notes.js';
import { firstWord, locator } from '../dialect/parse/place.js';
import { cutData, noteOf, piecesOf, psqlRefusal } from '../dialect/parse/psql.js';
import type { Piece } from '../dialect/parse/split.js';
import { parsedWithin, textOf } from '../dialect/parse/statements.js';
import { surviving } from './connect.js';

/** Statements that would outlive the scratch database, or cannot be meant for it. */
const outside = new Set([
  'CreatedbStmt',
  'DropdbStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
]);
const ofRoles = new Set(['CreateRoleStmt', 'AlterRoleStmt', 'AlterRoleSetStmt', 'DropRoleStmt', 'GrantRoleStmt']);

/** What of a script is not run on the scratch database. */
export interface Omissions {
  /** Roles belong to the whole server: on somebody's server they are left as they are. */
  readonly roles: boolean;
}

interface Script {
  readonly text: string;
  readonly locate: (unit: number) => Location;
  readonly notes: Note[];
  readonly client: pg.Client;
  readonly omits: Omissions;
}

/** Data statements may be very long; what is not is told by its kind. */
const longest = 100_000;

const kindOf = (statement: string): string => {
  const parsed = statement.length > longest ? { statements: [] } : parsedWithin(statement);
  if (!('statements' in parsed)) return '';
  return Object.keys(parsed.statements[0]?.stmt ?? {})[0] ?? '';
};

const skippedKind = (kind: string, { omits }: Script): string | undefined => {
  if (kind === 'CopyStmt') return 'COPY: its data is not loaded';
  const isOutside = outside.has(kind) || (omits.roles && ofRoles.has(kind));
  return isOutside ? 'what would outlive the scratch database' : undefined;
};

const missingRole = /^role "(.*)" does not exist$/;

const failure = (error: pg.DatabaseError, location: Location): Refusal => {
  const place = `at line ${location.line}, column ${location.column}`;
  const role = missingRole.exec(error.message) ? ' Create the role there, or use --via embedded.' : '';
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  const detail = `The server says: ${error.message}, ${place}.${hint}${role}`;
  const options = { cause: error, location };
  return error.code === '42601'
    ? new DefinitionSyntaxError(detail, options)
    : new InconsistentDefinition(detail, options);
};

const run = async (script: Script, statement: string, start: number): Promise<pg.QueryResult> => {
  try {
    return await script.client.query(statement);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const position = Number(error.position ?? 0);
    const unit = position > 0 ? start + unitsOf(statement, position - 1) : firstWord(script.text, start);
    throw failure(error, script.locate(unit));
  }
};

/** `\gexec`: every value of the result is a statement. */
const runResults = async (script: Script, result: pg.QueryResult | undefined, piece: Piece): Promise<void> => {
  for (const row of result?.rows ?? []) {
    for (const value of Object.values(row as Record<string, unknown>)) {
      if (typeof value !== 'string') continue;
      await script.client.query(value).catch((error: unknown) => {
        throw error instanceof pg.DatabaseError ? failure(error, script.locate(piece.start)) : error;
      });
    }
  }
};

const takeForeign = async (script: Script, piece: Piece, before: pg.QueryResult | undefined): Promise<void> => {
  const words = script.text.slice(piece.start, piece.end);
  const location = script.locate(piece.start);
  if (/^\\gexec\b/.test(words)) return runResults(script, before, piece);
  const refusal = piece.kind === 'psql' ? psqlRefusal(words, { location }) : cutData(words, location);
  if (refusal) throw refusal;
  script.notes.push(noteOf(script.text, piece, script.locate));
};

const takePiece = async (
  script: Script,
  piece: Piece,
  before: pg.QueryResult | undefined,
): Promise<pg.QueryResult | undefined> => {
  if (piece.kind !== 'statement') {
    await takeForeign(script, piece, before);
    return undefined;
  }
  const statement = textOf(script, piece);
  const word = skippedKind(kindOf(statement), script);
  if (word === undefined) return run(script, statement, piece.start);
  script.notes.push({ message: `did not run ${word}`, location: script.locate(firstWord(script.text, piece.start)) });
  return undefined;
};

/** Runs one script on a session of its own, statement by statement, as psql does. */
const runScript = async (url: string, source: SourceText, omits: Omissions): Promise<readonly Note[]> => {
  const text = source.text.replace(/^\uFEFF/, ' ');
  const client = surviving(new pg.Client({ connectionString: url, application_name: 'dsem' }));
  await client.connect();
  try {
    const script: Script = { text, locate: locator(text, source.file), notes: [], client, omits };
    let before: pg.QueryResult | undefined;
    for (const piece of piecesOf(text, script.locate)) before = await takePiece(script, piece, before);
    return script.notes;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Runs scripts in order. @throws DefinitionSyntaxError, InconsistentDefinition with the place and the server's words */
export const replay = async (
  url: string,
  sources: readonly SourceText[],
  omits: Omissions,
): Promise<readonly Note[]> => {
  const notes: Note[] = [];
  for (const source of sources) notes.push(...(await runScript(url, source, omits)));
  return countedNotes(notes);
};
