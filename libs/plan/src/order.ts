import type { Dialect } from '@dsem/engine';
import {
  DependencyCycle,
  dependencyOrder,
  goneBy,
  madeBy,
  type Reference,
  shapeNeeds,
  sidesOf,
  type Standing,
  UnsupportedChange,
} from '@dsem/schema';
import type { Operation } from './operation.js';
import { rankOf } from './rank.js';

/** Everything a noun names, by its shape and by what the engine reads in it. */
export const hardUses = (side: Standing, uses: Dialect['uses']): readonly Reference[] => [
  ...shapeNeeds(side),
  ...(uses?.(side).hard ?? []),
];

type Places = ReadonlyMap<Reference, readonly number[]>;

const placesOf = (
  operations: readonly Operation[],
  references: (operation: Operation) => readonly Reference[],
): Places => {
  const places = new Map<Reference, number[]>();
  operations.forEach((one, at) => {
    for (const reference of references(one)) {
      const known = places.get(reference);
      if (known) known.push(at);
      else places.set(reference, [at]);
    }
  });
  return places;
};

/** Places of the operations that stand before each one; smallest first, so that the given order decides the rest. */
class Before {
  private readonly sets: readonly Set<number>[];
  constructor(count: number) {
    this.sets = Array.from({ length: count }, () => new Set<number>());
  }
  add(earlier: readonly number[] | undefined, later: number): void {
    for (const one of earlier ?? []) if (one !== later) this.sets[later]!.add(one);
  }
  edges(): readonly (readonly number[])[] {
    return this.sets.map((set) => [...set].sort((one, other) => one - other));
  }
}

/** What steps aside goes before what it steps aside for, and comes back after it. */
const groupNeeds = (operations: readonly Operation[], needs: Before): void => {
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

const columnOf = ({ rendered }: Operation): string | undefined =>
  'from' in rendered && typeof rendered.from === 'object' && 'nullable' in rendered.from ? rendered.object : undefined;

/** Changes of one column are carried out in the order in which they were found: each expects what the one before made. */
const columnNeeds = (operations: readonly Operation[], found: ReadonlyMap<Operation, number>, needs: Before): void => {
  const columns = new Map<string, number[]>();
  operations.forEach((one, at) => {
    const column = columnOf(one);
    if (column !== undefined) columns.set(column, [...(columns.get(column) ?? []), at]);
  });
  const company = companyOf(operations);
  for (const places of columns.values()) {
    const inTurn = places.toSorted((one, other) => found.get(operations[one]!)! - found.get(operations[other]!)!);
    inTurn.slice(1).forEach((later, at) => {
      const earlier = inTurn[at]!;
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
  const sides = operations.map(({ rendered }) => sidesOf(rendered));
  const made = placesOf(operations, ({ rendered }) => madeBy(rendered));
  const gone = placesOf(operations, ({ rendered }) => goneBy(rendered));
  const [needs, wishes] = [new Before(operations.length), new Before(operations.length)];
  sides.forEach(({ before, after }, at) => {
    if (after !== undefined) {
      for (const used of hardUses(after, uses)) needs.add(made.get(used), at);
      for (const used of uses?.(after).soft ?? []) wishes.add(made.get(used), at);
    }
    if (before !== undefined) {
      for (const used of hardUses(before, uses)) for (const drop of gone.get(used) ?? []) needs.add([at], drop);
      for (const used of uses?.(before).soft ?? []) for (const drop of gone.get(used) ?? []) wishes.add([at], drop);
    }
  });
  for (const [reference, makers] of made) for (const maker of makers) needs.add(gone.get(reference), maker);
  groupNeeds(operations, needs);
  columnNeeds(operations, found, needs);
  try {
    return dependencyOrder(operations.length, needs.edges(), wishes.edges()).map((at) => operations[at]!);
  } catch (error) {
    if (!(error instanceof DependencyCycle)) throw error;
    const members = error.members.map((at) => operations[at]!.rendered);
    const named = members.map(({ kind, object }) => `${kind} ${object}`).join(', ');
    const object = members[0]?.object ?? '';
    throw new UnsupportedChange(`${object}: these changes need each other: ${named}`, { object, cause: error });
  }
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
