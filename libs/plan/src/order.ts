import type { Dialect } from '@dsem/engine';
import { type Change, inOrderOf, orderByNames, type Precedence } from '@dsem/schema';
import type { Operation } from './operation.js';
import { rankOf } from './rank.js';

/** What steps aside goes before what it steps aside for, and comes back after it. */
const groupNeeds = (operations: readonly Operation[], needs: Precedence): void => {
  const parts = new Map<string, number[]>();
  operations.forEach(({ group, part = 0 }, at) => {
    if (group === undefined) return;
    const key = `${group} ${part}`;
    parts.set(key, [...(parts.get(key) ?? []), at]);
  });
  operations.forEach(({ group, part = 0 }, at) => {
    if (group !== undefined) needs.add(parts.get(`${group} ${part - 1}`), at);
  });
};

/** An operation with the others of its group, which is not to be torn apart. */
const companyOf = (operations: readonly Operation[]): ((at: number) => readonly number[]) => {
  const groups = new Map<number, number[]>();
  operations.forEach(({ group }, at) => {
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), at]);
  });
  return (at) => groups.get(operations[at]!.group ?? -1) ?? [at];
};

const columnOf = (change: Change): string | undefined =>
  'from' in change && typeof change.from === 'object' && 'nullable' in change.from ? change.object : undefined;

/** A change of a column: where its operation stands, and when it was found. */
interface Turn {
  readonly place: number;
  readonly origin: number;
  readonly found: number;
}

const turnsOf = (
  operations: readonly Operation[],
  found: ReadonlyMap<Operation, number>,
): readonly (readonly Turn[])[] => {
  const columns = new Map<string, Turn[]>();
  operations.forEach((one, place) => {
    for (const [origin, change] of [[one.origin, one.rendered] as const, ...(one.carried ?? [])]) {
      const column = columnOf(change);
      if (column === undefined) continue;
      columns.set(column, [...(columns.get(column) ?? []), { place, origin, found: found.get(one)! }]);
    }
  });
  return [...columns.values()].map((turns) =>
    turns.toSorted((one, other) => one.origin - other.origin || one.found - other.found),
  );
};

/** Changes of one column are carried out in the order in which they were found: each expects what the one before made. */
const columnNeeds = (
  operations: readonly Operation[],
  found: ReadonlyMap<Operation, number>,
  needs: Precedence,
): void => {
  const company = companyOf(operations);
  for (const turns of turnsOf(operations, found)) {
    turns.slice(1).forEach(({ place: later }, at) => {
      const earlier = turns[at]!.place;
      const together = company(earlier).includes(later);
      for (const one of together ? [later] : company(later)) needs.add(together ? [earlier] : company(earlier), one);
    });
  }
};

const ordered = (
  operations: readonly Operation[],
  found: ReadonlyMap<Operation, number>,
  uses: Dialect['uses'],
): readonly Operation[] => {
  const changes = operations.map(({ rendered }) => rendered);
  const order = orderByNames(changes, uses);
  groupNeeds(operations, order.needs);
  columnNeeds(operations, found, order.needs);
  return inOrderOf(changes, order).map((at) => operations[at]!);
};

/**
 * The operations in the order of phases; what others need comes first, what others used goes last, and names decide the
 * rest. O(n log n + names used).
 * @throws UnsupportedChange naming the members when changes need each other.
 */
export const inOrder = (operations: readonly Operation[], uses: Dialect['uses']): readonly Operation[] => {
  const ranked = operations.map((one, at) => ({
    one,
    keys: [
      one.rank ?? rankOf(one.rendered),
      one.group ?? -1,
      one.part ?? 0,
      one.group === undefined ? 0 : rankOf(one.rendered),
      at,
    ],
  }));
  ranked.sort((one, other) => one.keys.map((key, at) => key - other.keys[at]!).find((by) => by !== 0) ?? 0);
  return ordered(
    ranked.map(({ one }) => one),
    new Map(operations.map((one, at) => [one, at])),
    uses,
  );
};
