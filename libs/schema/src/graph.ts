/** Thrown when items need each other in a circle, so that none can come first. */
export class DependencyCycle extends Error {
  /** Places of the members in the list given. */
  constructor(readonly members: readonly number[]) {
    super(`A circle of ${members.length} items need each other.`);
    this.name = 'DependencyCycle';
  }
}

/** For each item the places of the items that stand before it. */
export type Edges = readonly (readonly number[])[];

const circleFrom = (start: number, needs: Edges): readonly number[] => {
  const trail: number[] = [];
  const done = new Set<number>();
  const visit = (at: number): readonly number[] | undefined => {
    if (trail.includes(at)) return trail.slice(trail.indexOf(at));
    if (done.has(at)) return undefined;
    trail.push(at);
    for (const need of needs[at] ?? []) {
      const circle = visit(need);
      if (circle) return circle;
    }
    done.add(trail.pop()!);
    return undefined;
  };
  return visit(start) ?? [start];
};

/**
 * The places of the items so that each stands after those it needs, and after those it wishes before it where no circle
 * forbids that; otherwise in the order given. O(items + edges) without circles of wishes.
 * @throws DependencyCycle naming the members when needs go in a circle.
 */
export const dependencyOrder = (count: number, needs: Edges, wishes: Edges = []): readonly number[] => {
  const state = new Map<number, 'open' | 'done'>();
  const ordered: number[] = [];
  const visit = (at: number): boolean => {
    const known = state.get(at);
    if (known !== undefined) return known === 'done';
    state.set(at, 'open');
    for (const wish of wishes[at] ?? []) visit(wish);
    if (!(needs[at] ?? []).every(visit)) {
      state.delete(at);
      return false;
    }
    state.set(at, 'done');
    ordered.push(at);
    return true;
  };
  for (let at = 0; at < count; at += 1) if (!visit(at)) throw new DependencyCycle(circleFrom(at, needs));
  return ordered;
};
