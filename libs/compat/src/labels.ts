import type { ChangeOf } from '@dsem/schema';

/** What happened to the labels of an enumeration, told apart. */
export interface LabelMoves {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Where old and new differ only in spelling: as many labels, each at its place. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
  readonly reordered: boolean;
}

const nothing: LabelMoves = { added: [], removed: [], renamed: [], reordered: false };

/** Compares the labels of an altered enumeration; nothing moves in types of other kinds. */
export const labelMoves = ({ from, to }: ChangeOf<'alter-type'>): LabelMoves => {
  if (from.kind !== 'enum' || to.kind !== 'enum') return nothing;
  const [old, fresh] = [new Set(from.labels), new Set(to.labels)];
  const removed = from.labels.filter((label) => !fresh.has(label));
  const added = to.labels.filter((label) => !old.has(label));
  const stayed = from.labels.filter((label) => fresh.has(label));
  const now = to.labels.filter((label) => old.has(label));
  const reordered = stayed.some((label, at) => now[at] !== label);
  const inPlace =
    from.labels.length === to.labels.length &&
    from.labels.every((label, at) => label === to.labels[at] || (!fresh.has(label) && !old.has(to.labels[at] ?? '')));
  if (!inPlace || removed.length === 0) return { added, removed, renamed: [], reordered };
  const renamed = from.labels.flatMap((label, at) =>
    label === to.labels[at] ? [] : [[label, to.labels[at] ?? ''] as const],
  );
  return { added: [], removed: [], renamed, reordered: false };
};
