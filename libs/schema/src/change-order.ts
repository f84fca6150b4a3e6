import type { Change } from './change.js';
import { UnsupportedChange } from './errors.js';
import { DependencyCycle, dependencyOrder, type Edges } from './graph.js';
import { goneBy, madeBy, type Reference, shapeNeeds, sidesOf, type Standing, type Uses } from './reference.js';

/** What an engine reads in a noun beside its shape; absent where it reads nothing. */
export type ReadUses = ((change: Standing) => Uses) | undefined;

/** Everything a noun names and needs, by its shape and by what the engine reads in it. */
export const hardUses = (side: Standing, uses: ReadUses): readonly Reference[] => [
  ...shapeNeeds(side),
  ...(uses?.(side).hard ?? []),
];

/** For each item the places of those that stand before it; smallest first, so that the given order decides the rest. */
export class Precedence {
  private readonly sets: readonly Set<number>[];
  constructor(count: number) {
    this.sets = Array.from({ length: count }, () => new Set<number>());
  }
  /** Says that the items at `earlier` stand before the one at `later`. */
  add(earlier: readonly number[] | undefined, later: number): void {
    for (const one of earlier ?? []) if (one !== later) this.sets[later]!.add(one);
  }
  edges(): Edges {
    return this.sets.map((set) => [...set].sort((one, other) => one - other));
  }
}

/** What must, and what better should, stand before what. */
export interface Order {
  readonly needs: Precedence;
  readonly wishes: Precedence;
}

type Places = ReadonlyMap<Reference, readonly number[]>;

const placesOf = (changes: readonly Change[], references: (change: Change) => readonly Reference[]): Places => {
  const places = new Map<Reference, number[]>();
  changes.forEach((change, at) => {
    for (const reference of references(change)) {
      const known = places.get(reference);
      if (known) known.push(at);
      else places.set(reference, [at]);
    }
  });
  return places;
};

/** The name of a routine, which its overloads share: one may come before another one goes, but calls are clearer after. */
const isShared = (reference: Reference): boolean => reference.startsWith('routine ');

/**
 * What changes say of their order by what they name: what is named is made before and goes after, and what is made
 * again has gone before. O(changes + names).
 */
export const orderByNames = (changes: readonly Change[], uses: ReadUses): Order => {
  const [made, gone] = [placesOf(changes, madeBy), placesOf(changes, goneBy)];
  const order: Order = { needs: new Precedence(changes.length), wishes: new Precedence(changes.length) };
  changes.map(sidesOf).forEach(({ before, after }, at) => {
    if (after !== undefined) {
      for (const used of hardUses(after, uses)) order.needs.add(made.get(used), at);
      for (const used of uses?.(after).soft ?? []) order.wishes.add(made.get(used), at);
    }
    if (before !== undefined) {
      for (const used of hardUses(before, uses)) for (const drop of gone.get(used) ?? []) order.needs.add([at], drop);
      for (const used of uses?.(before).soft ?? [])
        for (const drop of gone.get(used) ?? []) order.wishes.add([at], drop);
    }
  });
  for (const [reference, makers] of made)
    for (const maker of makers) order[isShared(reference) ? 'wishes' : 'needs'].add(gone.get(reference), maker);
  return order;
};

/**
 * The places of the changes in an order that works; where nothing is said, in the order given.
 * @throws UnsupportedChange naming the members when changes need each other.
 */
export const inOrderOf = (changes: readonly Change[], { needs, wishes }: Order): readonly number[] => {
  try {
    return dependencyOrder(changes.length, needs.edges(), wishes.edges());
  } catch (error) {
    if (!(error instanceof DependencyCycle)) throw error;
    const members = error.members.map((at) => changes[at]!);
    const named = members.map(({ kind, object }) => `${kind} ${object}`).join(', ');
    const object = members[0]?.object ?? '';
    throw new UnsupportedChange(`${object}: these changes need each other: ${named}`, { object, cause: error });
  }
};
