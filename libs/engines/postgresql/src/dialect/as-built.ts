import type { Attributes, DiffAnswers, Index, IndexKey, TablePart } from '@dsem/schema';
import { alterableInPlace } from '@dsem/schema';

type Attributed = { readonly attributes?: Attributes };

const without = <Value extends Attributed>(value: Value, ...names: readonly string[]): Value => {
  const { attributes, ...rest } = value;
  if (attributes === undefined) return value;
  const kept = Object.entries(attributes).filter(([name]) => !names.includes(name));
  return (kept.length === 0 ? rest : { ...rest, attributes: Object.fromEntries(kept) }) as Value;
};

const untargeted = (keys: readonly IndexKey[]): readonly IndexKey[] => keys.map((key) => without(key, 'statistics'));

/** An index as CREATE INDEX makes it: what is told of it afterwards is left out. */
export const asBuilt = (index: Index): Index => {
  const { comment: _, ...rest } = index;
  return { ...rest, keys: untargeted(index.keys) };
};

/** A part without what ALTER can set. */
const settled = (noun: string, part: TablePart): TablePart => {
  if (noun === 'index' && 'keys' in part) return { ...without(part, 'options'), keys: untargeted(part.keys) };
  if (noun === 'unique' || noun === 'primary-key') return without(part, 'options');
  return noun === 'foreign-key' ? without(part, 'deferrable', 'initiallyDeferred') : part;
};

/** Storage parameters, statistics targets and when a foreign key is checked change in place. */
export const canAlter: NonNullable<DiffAnswers['canAlter']> = (noun, from, to) =>
  alterableInPlace(noun, settled(noun, from), settled(noun, to));
