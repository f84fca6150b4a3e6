import type { ChangeOf, Sequence } from '@dsem/schema';
import { operation, type Operation } from '../operation.js';
import { ranks } from '../rank.js';

const unowned = ({ ownedBy: _, ...sequence }: Sequence): Sequence => sequence;

/** A sequence is there before the table whose default calls it, and belongs to the column after the table is there. */
const createSequence = (change: ChangeOf<'create-sequence'>, origin: number): readonly Operation[] => {
  const { sequence, object } = change;
  if (sequence.ownedBy === undefined) return [operation(change, origin)];
  const from = unowned(sequence);
  return [
    operation({ ...change, sequence: from }, origin),
    operation({ kind: 'alter-sequence', object, from, to: sequence }, origin, ranks.ownSequence + 10),
  ];
};

/** Ownership ends first, or dropping the column would take the sequence along. */
const dropSequence = (change: ChangeOf<'drop-sequence'>, origin: number): readonly Operation[] => {
  const { sequence, object } = change;
  if (sequence.ownedBy === undefined) return [operation(change, origin)];
  const to = unowned(sequence);
  return [
    operation({ kind: 'alter-sequence', object, from: sequence, to }, origin),
    operation({ ...change, sequence: to }, origin),
  ];
};

/** A new owner may be a column that comes with this plan. */
const alterSequence = (change: ChangeOf<'alter-sequence'>, origin: number): readonly Operation[] => [
  operation(change, origin, change.to.ownedBy === undefined ? undefined : ranks.ownSequence + 10),
];

/** A sequence comes, changes or goes. */
export const changeSequence = (
  change: ChangeOf<'create-sequence' | 'alter-sequence' | 'drop-sequence'>,
  origin: number,
): readonly Operation[] => {
  if (change.kind === 'create-sequence') return createSequence(change, origin);
  return change.kind === 'drop-sequence' ? dropSequence(change, origin) : alterSequence(change, origin);
};
