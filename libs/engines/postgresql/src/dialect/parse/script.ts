import type { CreateSchemaStmt, DoStmt, Node, RoleSpec, TransactionStmt } from '@pgsql/types';
import type { Note, SourceText } from '@dsem/engine';
import { DefinitionSyntaxError } from '@dsem/schema';
import { deeperThan, levels, NestedTooDeeply, statementLevels } from '../depth.js';
import type { Site } from './draft.js';
import { type Guarded, readGuards } from './guards.js';
import type { Faults } from './faults.js';
import { hintsBetween, type WrittenHint } from './hints.js';
import { firstWord, locator } from './place.js';
import { withoutLongData } from './long-data.js';
import { cutData, noteOf, piecesOf, psqlRefusal } from './psql.js';
import { pathSetBy, type SearchPath, startingPath } from './search-path.js';
import type { Piece } from './split.js';
import { type Readable, statementsIn } from './statements.js';

/** A statement with what was in force where it stands. */
export interface Placed {
  readonly node: Node;
  readonly site: Site;
  readonly path: SearchPath;
  /** Of a statement inside a `DO` block. */
  readonly guard?: Pick<Guarded, 'conditions' | 'blocks'>;
  /** What comments in front of it and in it say of earlier names. */
  readonly hints?: readonly WrittenHint[];
}

/** What the statements of one text have come to so far; each text is a session of its own. */
interface Session {
  readonly placed: Placed[];
  readonly notes: Note[];
  path: SearchPath;
  /** Set by `SET LOCAL`, until the transaction ends. */
  local: SearchPath | undefined;
  /** Where the open transaction and its savepoints began. */
  marks: { readonly name: string; readonly length: number; readonly path: SearchPath }[];
}

const transaction = '';

const backTo = (session: Session, name: string, site: Site): void => {
  const at = session.marks.findLastIndex((mark) => mark.name === name);
  const mark = session.marks[at];
  if (!mark) return;
  const undone = session.placed.splice(mark.length).length;
  session.path = mark.path;
  session.local = undefined;
  session.marks = session.marks.slice(0, name === transaction ? at : at + 1);
  if (undone > 0) session.notes.push({ message: `left out ${undone} statements that are rolled back`, ...site });
};

const control = (session: Session, { kind, savepoint_name }: TransactionStmt, site: Site): void => {
  const mark = (name: string) => ({ name, length: session.placed.length, path: session.path });
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      session.marks = session.marks.length > 0 ? session.marks : [mark(transaction)];
      return;
    case 'TRANS_STMT_SAVEPOINT':
      session.marks.push(mark(savepoint_name ?? ''));
      return;
    case 'TRANS_STMT_ROLLBACK_TO':
      return backTo(session, savepoint_name ?? '', site);
    case 'TRANS_STMT_ROLLBACK':
      return backTo(session, transaction, site);
    case 'TRANS_STMT_COMMIT':
      session.marks = [];
      session.local = undefined;
      return;
    default:
      return;
  }
};

const roleOf = (statement: CreateSchemaStmt): string | undefined =>
  statement.authrole?.roletype === 'ROLESPEC_CSTRING' ? statement.authrole.rolename : undefined;

/** What is made inside CREATE SCHEMA belongs to whom the schema is for. */
const ownedBy = (node: Node, newowner: RoleSpec | undefined): Node | undefined => {
  if (newowner === undefined) return undefined;
  const relation =
    'CreateStmt' in node
      ? node.CreateStmt.relation
      : 'ViewStmt' in node
        ? node.ViewStmt.view
        : 'CreateSeqStmt' in node
          ? node.CreateSeqStmt.sequence
          : undefined;
  if (relation === undefined) return undefined;
  const cmds: Node[] = [{ AlterTableCmd: { subtype: 'AT_ChangeOwner', newowner } }];
  return { AlterTableStmt: { relation, objtype: 'OBJECT_TABLE', cmds } };
};

/** What is written inside CREATE SCHEMA is made there, with the schema in front of the path. */
const withSchema = (session: Session, statement: CreateSchemaStmt, at: Omit<Placed, 'node'>): void => {
  const { schemaElts = [], ...bare } = statement;
  const schemaname = statement.schemaname ?? roleOf(statement);
  session.placed.push({ ...at, node: { CreateSchemaStmt: { ...bare, ...(schemaname ? { schemaname } : {}) } } });
  const path = schemaname === undefined ? at.path : [schemaname, ...at.path.filter((name) => name !== schemaname)];
  for (const node of schemaElts) {
    session.placed.push({ ...at, node, path });
    const owned = ownedBy(node, statement.authrole);
    if (owned) session.placed.push({ ...at, node: owned, path });
  }
};

const withGuards = (session: Session, statement: DoStmt, at: Omit<Placed, 'node'>): void => {
  const guarded = readGuards(statement, at.site);
  if (guarded.length === 0) session.notes.push({ message: 'skipped DO: it changes no object', ...at.site });
  for (const { node, ...guard } of guarded) session.placed.push({ ...at, node, guard });
};

const follow = (session: Session, node: Node, site: Site, hints: readonly WrittenHint[]): void => {
  const change = pathSetBy(node);
  if (change?.local) session.local = change.path;
  else if (change) [session.path, session.local] = [change.path, undefined];
  const at = { site, path: session.local ?? session.path };
  if ('TransactionStmt' in node) control(session, node.TransactionStmt, site);
  if ('CreateSchemaStmt' in node) withSchema(session, node.CreateSchemaStmt, at);
  else if ('DoStmt' in node) withGuards(session, node.DoStmt, at);
  else session.placed.push({ ...at, node, ...(hints.length > 0 && { hints }) });
};

const checkText = ({ text, locate }: Readable): void => {
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new DefinitionSyntaxError('the text holds a NUL character', { location: locate(nul) });
};

/** A piece that only psql understands: refused where it decides what is run, else told. */
const takeForeign = (session: Session, { text, locate, faults }: Readable, piece: Piece): void => {
  const note = noteOf(text, piece, locate);
  const words = text.slice(piece.start, piece.end);
  const location = note.location ?? locate(piece.start);
  const refusal = piece.kind === 'psql' ? psqlRefusal(words, { location }) : cutData(words, location);
  if (refusal) faults.add(refusal);
  else session.notes.push(note);
};

const takeStatements = (session: Session, readable: Readable, pieces: readonly Piece[]): void => {
  const { kept, skipped } = withoutLongData(readable.text, pieces);
  for (const piece of skipped)
    session.notes.push({ message: 'skipped INSERT', location: readable.locate(firstWord(readable.text, piece.start)) });
  let before = pieces[0]?.start ?? 0;
  for (const { statement, unit, end } of statementsIn(readable, kept)) {
    if (!statement.stmt) continue;
    const word = firstWord(readable.text, unit);
    const site = { location: readable.locate(word) };
    if (deeperThan(statement.stmt, statementLevels)) throw new NestedTooDeeply(levels(statementLevels), site);
    follow(session, statement.stmt, site, hintsBetween(readable.text, [before, end], word, readable.locate));
    before = end;
  }
};

const takePieces = (session: Session, readable: Readable): void => {
  const pieces = piecesOf(readable.text, readable.locate);
  let from = 0;
  pieces.forEach((piece, at) => {
    if (piece.kind === 'statement') return;
    takeStatements(session, readable, pieces.slice(from, at));
    from = at + 1;
    takeForeign(session, readable, piece);
  });
  takeStatements(session, readable, pieces.slice(from));
};

/** The statements of one text in order, with their places, search paths and without what is rolled back. O(text). */
export const readScript = (
  source: SourceText,
  faults: Faults,
): { readonly placed: readonly Placed[]; readonly notes: readonly Note[] } => {
  const text = source.text.startsWith('\uFEFF') ? ` ${source.text.slice(1)}` : source.text;
  const session: Session = { placed: [], notes: [], path: startingPath, local: undefined, marks: [] };
  const readable = { text, locate: locator(text, source.file), faults };
  faults.collect(() => {
    checkText(readable);
    takePieces(session, readable);
  });
  return session;
};
