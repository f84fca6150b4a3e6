import type { Note } from '@dsem/engine';
import { DefinitionSyntaxError, type Location, NeedsServer, type Refusal, UnsupportedDefinition } from '@dsem/schema';
import type { Site } from './draft.js';
import { locator } from './place.js';
import { BadComment, endsStatement, type Piece, split } from './split.js';

const includes = new Set(['\\i', '\\ir', '\\include', '\\include_relative']);
const dynamic = new Set(['\\gexec', '\\if', '\\elif', '\\else', '\\endif']);

/** The name of a psql command, such as `\connect`. */
const commandName = (text: string): string => /^\\\S*/.exec(text)?.[0] ?? text;

/** What is wrong with a psql command that decides what a script does; undefined for those that may be skipped. */
export const psqlRefusal = (text: string, { location }: Site): Refusal | undefined => {
  const name = commandName(text);
  const options = { location, object: name };
  if (dynamic.has(name)) return new NeedsServer(`The psql command ${name} decides by results what is run`, options);
  if (includes.has(name))
    return new UnsupportedDefinition(`The psql command ${name} reads another file: give that file as well`, options);
  return undefined;
};

/** What is wrong with the data of a COPY that is not closed. */
export const cutData = (text: string, location: Location): Refusal | undefined =>
  /\n\\\.\s*$/.test(text)
    ? undefined
    : new DefinitionSyntaxError(`the data of COPY is cut off: no line \\. follows line ${location.line}`, { location });

/** The pieces of a script. @throws DefinitionSyntaxError where a comment cannot be read */
export const piecesOf = (text: string, locate: (unit: number) => Location): readonly Piece[] => {
  try {
    return split(text);
  } catch (cause) {
    if (!(cause instanceof BadComment)) throw cause;
    const location = locate(cause.unit);
    const message = `${cause.message}, at line ${location.line}, column ${location.column}`;
    throw new DefinitionSyntaxError(message, { cause, location });
  }
};

/** Blanks of the same places; `\\g` and its kin end a statement as a semicolon does. */
const blank = (text: string): string => {
  const spaces = text.replace(/[^\n]/g, ' ');
  return endsStatement.test(text) ? `;${spaces.slice(1)}` : spaces;
};

/** What is told of a piece that only psql understands. */
export const noteOf = (text: string, piece: Piece, locate: (unit: number) => Location): Note =>
  piece.kind === 'data'
    ? { message: 'skipped the data of a COPY statement', location: locate(piece.start - 1) }
    : {
        message: `skipped the psql command ${commandName(text.slice(piece.start, piece.end))}`,
        location: locate(piece.start),
      };

/** A text with everything only psql understands blanked out, places kept, and one note for each. O(text). */
export const withoutPsql = (
  text: string,
  file?: string,
): { readonly text: string; readonly notes: readonly Note[] } => {
  const locate = locator(text, file);
  const foreign = piecesOf(text, locate).filter(({ kind }) => kind !== 'statement');
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of foreign) {
    parts.push(text.slice(from, start), blank(text.slice(start, end)));
    from = end;
  }
  return { text: parts.join('') + text.slice(from), notes: foreign.map((piece) => noteOf(text, piece, locate)) };
};
