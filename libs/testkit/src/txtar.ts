import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Several small texts in one readable file: a comment, then files headed by `-- name --`. */
export interface Txtar {
  readonly comment: string;
  readonly files: Readonly<Record<string, string>>;
}

const header = /^-- (.+?) --$/u;

/** Reads a txtar text; the last of two files with one name wins. O(text). */
export const parseTxtar = (text: string): Txtar => {
  const comment: string[] = [];
  const files = new Map<string, string[]>();
  let lines = comment;
  for (const line of text.split(/\r?\n/u)) {
    const name = header.exec(line)?.[1];
    if (name === undefined) lines.push(line);
    else files.set(name, (lines = []));
  }
  const joined = (part: readonly string[]): string => {
    const body = part.join('\n').trimEnd();
    return body === '' ? '' : `${body}\n`;
  };
  return {
    comment: joined(comment),
    files: Object.fromEntries([...files].map(([name, part]) => [name, joined(part)])),
  };
};

/** The lines of one file of each text, each once: names that all of them need, such as `roles`. */
export const linesIn = (all: readonly Txtar[], name: string): readonly string[] => [
  ...new Set(all.flatMap(({ files }) => (files[name] ?? '').split('\n').filter((line) => line !== ''))),
];

/** The txtar text that reads back as the same value. */
export const printTxtar = ({ comment, files }: Txtar): string =>
  [comment, ...Object.entries(files).map(([name, text]) => `-- ${name} --\n${text}`)].join('');

/** A txtar file found under a folder; `name` is its path below it. */
export interface TxtarCase extends Txtar {
  readonly name: string;
  readonly path: string;
}

/** All `.txtar` files below a folder, in name order: the rows of a data-driven spec. */
export const txtarCases = (folder: string): readonly TxtarCase[] =>
  globSync('**/*.txtar', { cwd: folder })
    .toSorted()
    .map((name) => ({ name, path: join(folder, name), ...parseTxtar(readFileSync(join(folder, name), 'utf8')) }));
