import { firstWord } from './place.js';
import type { Piece } from './split.js';

/** So many INSERTs of a text are read by the grammar; those behind them are only counted. */
const readInserts = 1_000;
/** An INSERT longer than that is only counted. */
const longestInsert = 100_000;

const insert = /insert\s+into\b/iy;

const isInsert = (text: string, { start }: Piece): boolean => {
  insert.lastIndex = firstWord(text, start);
  return insert.test(text);
};

/** Sets aside the INSERTs of a long data script: they say nothing about the state, and reading them costs most. O(text). */
export const withoutLongData = (
  text: string,
  pieces: readonly Piece[],
): { readonly kept: readonly Piece[]; readonly skipped: readonly Piece[] } => {
  const kept: Piece[] = [];
  const skipped: Piece[] = [];
  let inserts = 0;
  for (const piece of pieces) {
    const long = isInsert(text, piece) && (piece.end - piece.start > longestInsert || ++inserts > readInserts);
    (long ? skipped : kept).push(piece);
  }
  return { kept, skipped };
};
