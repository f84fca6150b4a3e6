import { placeAt } from '../grammar.js';
import type { Site } from './draft.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const skipped = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/** Finds line and column of a statement from libpg-query's byte offset. */
export const placeFinder = (text: string, file: string | undefined): ((byteOffset: number) => Site) => {
  const bytes = encoder.encode(text);
  const ascii = bytes.length === text.length;
  return (byteOffset) => {
    const unit = ascii ? byteOffset : decoder.decode(bytes.subarray(0, byteOffset)).length;
    const blank = skipped.exec(text.slice(unit))?.[0].length ?? 0;
    return { location: placeAt(text, unit + blank, file) };
  };
};
