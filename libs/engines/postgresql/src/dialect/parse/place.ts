import type { Location } from '@dsem/schema';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const skipped = /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;

/** The offsets at which the lines of a text begin. O(text). */
const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

const lastAtMost = (values: readonly number[], limit: number): number => {
  let [low, high] = [0, values.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle;
    else high = middle;
  }
  return low;
};

/** Finds the 1-based line and column of UTF-16 units of a text; each in O(log lines + column). */
export const locator = (text: string, file: string | undefined): ((unit: number) => Location) => {
  const starts = lineStarts(text);
  return (unit) => {
    const line = lastAtMost(starts, unit);
    const column = [...text.slice(starts[line], unit)].length + 1;
    return { ...(file === undefined ? {} : { file }), line: line + 1, column };
  };
};

/** Turns libpg-query's byte offsets, which only grow, into UTF-16 units. */
export const unitFinder = (text: string): ((byteOffset: number) => number) => {
  const bytes = encoder.encode(text);
  if (bytes.length === text.length) return (byteOffset) => byteOffset;
  let [byte, unit] = [0, 0];
  return (byteOffset) => {
    if (byteOffset < byte) [byte, unit] = [0, 0];
    unit += decoder.decode(bytes.subarray(byte, byteOffset)).length;
    byte = byteOffset;
    return unit;
  };
};

/** Where the statement that begins at an offset has its first word: behind space and comments. */
export const firstWord = (text: string, unit: number): number => {
  skipped.lastIndex = unit;
  return unit + (skipped.exec(text)?.[0].length ?? 0);
};
