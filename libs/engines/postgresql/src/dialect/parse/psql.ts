import type { Note } from '@dsem/engine';
import { placeAt } from '../grammar.js';

const suspicious = /^[ \t]*\\|\bcopy\b[\s\S]*?\bfrom\s+stdin\b/im;
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|;|\n[ \t]*\\[^\n]*/gi;
const copyStatement = /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*$/i;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

const endOfCopy = (text: string, from: number): number => {
  const end = /\n\\\.[ \t]*(?:\n|$)/g;
  end.lastIndex = from;
  const found = end.exec(text);
  return found ? found.index + found[0].trimEnd().length + 1 : text.length;
};

/** A text with everything only psql understands blanked out, places kept, and one note for each. O(text). */
export const withoutPsql = (
  source: string,
  file?: string,
): { readonly text: string; readonly notes: readonly Note[] } => {
  if (!suspicious.test(source)) return { text: source, notes: [] };
  const notes: Note[] = [];
  const note = (message: string, at: number) => notes.push({ message, location: placeAt(source, at, file) });
  let text = `\n${source}`;
  let statement = 0;
  token.lastIndex = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [word] = found;
    if (/^\n[ \t]*\\/.test(word)) {
      note(`skipped the psql command ${word.trim().split(/\s/)[0]}`, found.index);
      text = text.slice(0, found.index) + blank(word) + text.slice(found.index + word.length);
      statement = token.lastIndex;
    } else if (word === ';') {
      if (copyStatement.test(text.slice(statement, found.index))) {
        const end = endOfCopy(text, found.index);
        note('skipped the data of a COPY statement', found.index - 1);
        text = text.slice(0, found.index + 1) + blank(text.slice(found.index + 1, end)) + text.slice(end);
        token.lastIndex = end;
      }
      statement = token.lastIndex;
    }
  }
  return { text: text.slice(1), notes };
};
