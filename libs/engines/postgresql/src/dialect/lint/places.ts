import type { Location } from '@dsem/schema';

/** Turns byte offsets of the grammar into places. */
export interface Places {
  readonly at: (byteOffset: number) => Location;
  /** The UTF-16 unit that a byte begins. */
  readonly unit: (byteOffset: number) => number;
  readonly ofUnit: (unit: number) => Location;
}

const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** The last index whose value is not larger. O(log n). */
const lastNotAbove = (sorted: readonly number[] | Uint32Array, value: number): number => {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
};

const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/** The byte at which each unit begins; undefined when the text is ASCII and both are the same. */
const byteStarts = (text: string): Uint32Array | undefined => {
  if (!/[^\u0000-\u007f]/.test(text)) return undefined;
  const starts = new Uint32Array(text.length + 1);
  let byte = 0;
  for (let unit = 0; unit < text.length; unit++) {
    starts[unit] = byte;
    const point = text.codePointAt(unit) ?? 0;
    byte += bytesOf(point);
    if (point > 0xffff) starts[(unit += 1)] = byte;
  }
  starts[text.length] = byte;
  return starts;
};

/** Prepared once per script, so that each look-up is O(log n). */
export const placesIn = (text: string, file: string | undefined): Places => {
  const lines = lineStarts(text);
  const bytes = byteStarts(text);
  const ofUnit = (unit: number): Location => {
    const line = lastNotAbove(lines, unit);
    const column = [...text.slice(lines[line], unit)].length + 1;
    return { ...(file === undefined ? {} : { file }), line: line + 1, column };
  };
  const unit = (byteOffset: number): number => (bytes ? lastNotAbove(bytes, byteOffset) : byteOffset);
  return { unit, ofUnit, at: (byteOffset) => ofUnit(unit(byteOffset)) };
};
