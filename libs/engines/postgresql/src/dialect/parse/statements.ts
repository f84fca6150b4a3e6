import type { RawStmt } from '@pgsql/types';
import { DefinitionSyntaxError, type Location } from '@dsem/schema';
import { NestedTooDeeply } from '../depth.js';
import { type Parsed, parseStatements } from '../grammar.js';
import { endlessRun, wordRunLimit } from '../word-run.js';
import { expectation } from './expected.js';
import type { Faults } from './faults.js';
import { unitFinder } from './place.js';
import { type Piece, split } from './split.js';

/** Statements are handed to the grammar in batches of about this many characters, so that memory stays bounded. */
const batchLength = 200_000;

/** One statement with the offsets at which it begins and ends. */
export interface Located {
  readonly statement: RawStmt;
  readonly unit: number;
  readonly end: number;
}

/** A text with what is needed to say where something stands. */
export interface Readable {
  readonly text: string;
  readonly locate: (unit: number) => Location;
  readonly faults: Faults;
}

/** A piece of a text, psql commands inside it blanked out. */
export const textOf = (
  { text }: Pick<Readable, 'text'>,
  { start, end, holes }: Pick<Piece, 'start' | 'end' | 'holes'>,
): string => {
  let made = text.slice(start, end);
  for (const hole of holes) {
    const [from, to] = [hole.start - start, hole.end - start];
    made = made.slice(0, from) + ' '.repeat(to - from) + made.slice(to);
  }
  return made;
};

const located = (text: string, statements: readonly RawStmt[], start: number): readonly Located[] => {
  const unitAt = unitFinder(text);
  return statements.map((statement) => {
    const { stmt_location: from = 0, stmt_len: length } = statement;
    const unit = start + unitAt(from);
    return { statement, unit, end: start + (length === undefined ? text.length : unitAt(from + length)) };
  });
};

const nextStatement = /;\s*(?:--[^\n]*\s*)*(?=(?:create|alter|drop|comment|insert|grant|set|select)\b)/gi;

/** What stands behind a broken statement; a missing bracket must not swallow the rest of the text. */
const afterError = (readable: Readable, { start, end }: Piece, unit: number): readonly Piece[] => {
  nextStatement.lastIndex = Math.max(unit, start);
  const found = nextStatement.exec(readable.text);
  return found && found.index < end ? split(readable.text.slice(0, end), found.index + 1) : [];
};

/** A text with too many words in a row is often one with a quote too few: then its beginning is wrong already. */
export const parsedWithin = (text: string): Parsed => {
  const endless = endlessRun(text);
  if (!endless) return parseStatements(text);
  const result = parseStatements(text.slice(0, endless.passed));
  const isCut = 'statements' in result || /end of input|^unterminated/.test(result.message);
  const message = `${wordRunLimit} words without a comma`;
  return isCut ? { message, unit: endless.start, cause: undefined, tooDeep: message } : result;
};

const syntaxFault = (
  { message, cause }: { readonly message: string; readonly cause: unknown },
  expected: string | undefined,
  location: Location,
): DefinitionSyntaxError => {
  const short = message.replace(/(at or near "[^"\n]{0,60})[\s\S]*"$/, '$1"');
  const place = `${short}, at line ${location.line}, column ${location.column}`;
  return new DefinitionSyntaxError(expected === undefined ? place : `${place}: ${expected}`, { cause, location });
};

const readOne = (readable: Readable, piece: Piece): readonly Located[] => {
  const text = textOf(readable, piece);
  const result = parsedWithin(text);
  if ('statements' in result) return located(text, result.statements, piece.start);
  const unit = piece.start + result.unit;
  const location = readable.locate(unit);
  if (result.tooDeep !== undefined) throw new NestedTooDeeply(result.tooDeep, { location, cause: result.cause });
  const expected = expectation(text, result.unit, result.message);
  readable.faults.add(syntaxFault(result, expected?.words, location));
  if (readable.faults.isFull || expected?.explainsAll) readable.faults.raise();
  return afterError(readable, piece, unit).flatMap((rest) => readOne(readable, rest));
};

const readBatch = (readable: Readable, pieces: readonly Piece[]): readonly Located[] => {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return [];
  const holes = pieces.flatMap((piece) => piece.holes);
  const text = textOf(readable, { start: first.start, end: last.end, holes });
  const result = parsedWithin(text);
  if ('statements' in result) return located(text, result.statements, first.start);
  return pieces.flatMap((piece) => readOne(readable, piece));
};

/** The statements of consecutive pieces; those that are broken become faults. O(text). */
export function* statementsIn(readable: Readable, pieces: readonly Piece[]): Generator<Located> {
  let batch: Piece[] = [];
  let length = 0;
  for (const piece of pieces) {
    const isApart = piece.start - (batch.at(-1)?.end ?? piece.start) > 1;
    if (isApart || length >= batchLength) {
      yield* readBatch(readable, batch);
      [batch, length] = [[], 0];
    }
    batch.push(piece);
    length += piece.end - piece.start;
  }
  yield* readBatch(readable, batch);
}
