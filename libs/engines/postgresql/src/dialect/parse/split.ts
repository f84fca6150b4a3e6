import { crowded, crowdedComment } from '../comment-run.js';

/** A piece of a script, by UTF-16 offsets: a statement without its semicolon, a psql command, or the data of a COPY. */
export interface Piece {
  readonly kind: 'statement' | 'psql' | 'data';
  readonly start: number;
  readonly end: number;
  /** psql commands inside a statement. */
  readonly holes: readonly { readonly start: number; readonly end: number }[];
}

// Each alternative also ends with the text, so that what is never closed is read once and not once for each start.
const token =
  /--[^\n]*|\/\*|\b[eE]'(?:[^'\\]+|''|\\[\s\S]?)*(?:'|$)|'(?:[^']+|'')*(?:'|$)|"(?:[^"]+|"")*(?:"|$)|(?<![\w$\u0080-\uffff])\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)|[;()]|\\[^\n]*|\b(?:begin\s+atomic|case|end)\b/gi;
const copyFromStdin = /^\s*copy\b[^;]*\bfrom\s+stdin\b[^;]*$/i;
/** psql commands that send what was written before. */
export const endsStatement = /^\\g(?:exec|set|desc|x)?\b/;
const space = /\S/g;

const edges = /\/\*|\*\//g;

/** How deeply comments may nest: the grammar reads each opening again for those inside. */
const deepestComment = 50;

/** Thrown by `split` where a comment cannot be read; the grammar would take very long over it. */
export class BadComment extends Error {
  constructor(
    message: string,
    readonly unit: number,
  ) {
    super(message);
  }
}

/** Where the block comment ends that begins at `from`; such comments nest. @throws BadComment */
const endOfComment = (text: string, from: number): number => {
  edges.lastIndex = from + 2;
  for (let depth = 1; depth > 0;) {
    const found = edges.exec(text);
    if (!found) throw new BadComment('the comment is never closed', from);
    depth += found[0] === '/*' ? 1 : -1;
    if (depth > deepestComment) throw new BadComment(`comments nest more than ${deepestComment} levels`, from);
  }
  return edges.lastIndex;
};

const endOfData = (text: string, from: number): number => {
  const mark = text.indexOf('\n\\.', from);
  if (mark < 0) return text.length;
  const end = text.indexOf('\n', mark + 1);
  return end < 0 ? text.length : end;
};

/** What the splitter knows of the statement it is in. */
class Splitter {
  readonly pieces: Piece[] = [];
  start = 0;
  holes: { start: number; end: number }[] = [];
  /** Open round brackets, and the open blocks of a routine's body. */
  brackets = 0;
  blocks = 0;

  constructor(readonly text: string) {}

  isBlank(end: number): boolean {
    space.lastIndex = this.start;
    const found = space.exec(this.text);
    return !found || found.index >= end;
  }

  close(end: number, next: number): void {
    if (!this.isBlank(end)) this.pieces.push({ kind: 'statement', start: this.start, end, holes: this.holes });
    [this.start, this.holes, this.brackets, this.blocks] = [next, [], 0, 0];
  }

  /** The offset to go on from. */
  semicolon(at: number): number {
    if (this.brackets > 0 || this.blocks > 0) return at + 1;
    const isCopy = copyFromStdin.test(withoutComments(this.text.slice(this.start, Math.min(at, this.start + 100_000))));
    this.close(at, at + 1);
    if (!isCopy) return at + 1;
    const end = endOfData(this.text, at);
    this.pieces.push({ kind: 'data', start: at + 1, end, holes: [] });
    this.start = end;
    return end;
  }

  command(start: number, word: string): void {
    const end = start + word.length;
    const isFirst = this.isBlank(start);
    if (isFirst || endsStatement.test(word)) this.close(start, end);
    else this.holes.push({ start, end });
    this.pieces.push({ kind: 'psql', start, end, holes: [] });
  }

  word(word: string): void {
    const lower = word.toLowerCase();
    if (lower.startsWith('begin') || (lower === 'case' && this.blocks > 0)) this.blocks += 1;
    else if (lower === 'end' && this.blocks > 0) this.blocks -= 1;
  }
}

const withoutComments = (text: string): string => text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');

/**
 * Cuts a script into statements, psql commands and COPY data, as psql does; a piece may begin with space and comments.
 * A semicolon inside brackets, strings, comments or the body of a routine cuts nothing. O(text).
 * @throws BadComment
 */
export const split = (text: string, from = 0): readonly Piece[] => {
  const splitter = new Splitter(text);
  splitter.start = from;
  const tokens = new RegExp(token);
  tokens.lastIndex = from;
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [word] = found;
    if (word === ';') tokens.lastIndex = splitter.semicolon(found.index);
    else if (word === '(') splitter.brackets += 1;
    else if (word === ')') splitter.brackets = Math.max(0, splitter.brackets - 1);
    else if (word === '/*') tokens.lastIndex = endOfComment(text, found.index);
    else if (word.startsWith('\\')) splitter.command(found.index, word);
    else if (/^[a-z]/i.test(word) && !word.includes("'")) splitter.word(word);
  }
  const unit = crowdedComment(text);
  if (unit !== undefined) throw new BadComment(crowded, unit);
  splitter.close(text.length, text.length);
  return splitter.pieces;
};
