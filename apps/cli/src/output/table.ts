const escape = String.fromCharCode(27);
const ansi = new RegExp(`${escape}\\[[0-9;]*m`, 'gu');
const width = (text: string): number => [...text.replace(ansi, '')].length;
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

/** Columns in line, without frames: easy to read and to cut. The last column is not padded. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = head.length === 0 ? rows : [head, ...rows];
  const widths = all.reduce<number[]>((wide, row) => row.map((cell, at) => Math.max(wide[at] ?? 0, width(cell))), []);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n') + (all.length === 0 ? '' : '\n');
};

/** Text behind a margin on every line. */
export const indent = (text: string, by: number): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(by) + line))
    .join('\n');

/** `1 step`, `2 steps`. */
export const count = (n: number, noun: string, plural = `${noun}s`): string => `${n} ${n === 1 ? noun : plural}`;
