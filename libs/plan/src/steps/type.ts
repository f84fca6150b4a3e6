import type { ChangeOf, EnumType } from '@dsem/schema';
import { operation, type Operation } from '../operation.js';
import { ranks } from '../rank.js';

const alter = (
  change: ChangeOf<'alter-type'>,
  from: EnumType,
  to: EnumType,
  origin: number,
  rank?: number,
): Operation => operation({ ...change, from, to }, origin, rank);

/** The old labels with each new one beside its neighbour in `to`. */
const widened = (from: EnumType, to: EnumType): readonly string[] => {
  const labels = [...from.labels];
  to.labels.forEach((label, at) => {
    if (labels.includes(label)) return;
    const before = to.labels.slice(0, at).findLast((one) => labels.includes(one));
    labels.splice(before === undefined ? 0 : labels.indexOf(before) + 1, 0, label);
  });
  return labels;
};

const sameLabels = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((label, at) => label === other[at]);

/** Labels are added one by one before anything uses them, and taken away after nothing does. */
export const alterType = (change: ChangeOf<'alter-type'>, origin: number): readonly Operation[] => {
  const { from, to } = change;
  if (from.kind !== 'enum' || to.kind !== 'enum') return [operation(change, origin)];
  const operations: Operation[] = [];
  const wide = widened(from, to);
  let now: EnumType = from;
  for (const label of wide.filter((one) => !from.labels.includes(one))) {
    const labels = wide.filter((one) => one === label || now.labels.includes(one));
    const next = { ...now, labels };
    operations.push(alter(change, now, next, origin));
    now = next;
  }
  const commented: EnumType = { ...to, labels: now.labels };
  if (commented.comment !== now.comment) operations.push(alter(change, now, commented, origin));
  if (!sameLabels(now.labels, to.labels)) operations.push(alter(change, commented, to, origin, ranks.removeLabels));
  return operations.length === 0 ? [operation(change, origin)] : operations;
};
