import { type ChangeOf, type Check, type DomainType, type EnumType, equal } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
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

/** A check binds new values at once and is proved for the old ones in a step of its own. */
const alterDomain = (
  change: ChangeOf<'alter-type'>,
  from: DomainType,
  to: DomainType,
  origin: number,
  { style, dialect }: Recipe,
): readonly Operation[] => {
  const known = new Set(from.checks.map(({ expression }) => expression));
  const isStaged = (check: Check): boolean => check.validated !== false && !known.has(check.expression);
  const isInPlace = equal(from.base, to.base) && equal(from.attributes, to.attributes);
  if (style !== 'online' || !dialect.capabilities.notValidConstraints || !isInPlace || !to.checks.some(isStaged))
    return [operation(change, origin)];
  const bound: DomainType = {
    ...to,
    checks: to.checks.map((check) => (isStaged(check) ? { ...check, validated: false } : check)),
  };
  return [
    operation({ ...change, to: bound }, origin),
    operation({ ...change, from: bound, to }, origin, ranks.validate),
  ];
};

/** Labels are added one by one before anything uses them, and taken away after nothing does. */
export const alterType = (change: ChangeOf<'alter-type'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const { from, to } = change;
  if (from.kind === 'domain' && to.kind === 'domain') return alterDomain(change, from, to, origin, recipe);
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
