import type { TypeName } from '@pgsql/types';
import { typeTree } from '../grammar.js';
import { typeText } from '../type-names.js';

/** The server keeps no modifiers of the types of arguments, and so calls `character(3)` just `character`. */
const unmodified = (type: TypeName): string =>
  typeText({ ...type, setof: false, pct_type: false, typmods: [] }).replace(/^bpchar\b/, 'character');

const spelled = new Map<string, string>();

/** A type as `format_type` spells it in the signature of a routine. Remembered per text. */
export const routineType = (native: string): string => {
  const known = spelled.get(native);
  if (known !== undefined) return known;
  const text = unmodified(typeTree(native));
  if (spelled.size > 10_000) spelled.clear();
  spelled.set(native, text);
  return text;
};

/** The same from a tree. */
export const routineTypeOf = (type: TypeName | undefined): string => unmodified(type ?? { names: [] });
