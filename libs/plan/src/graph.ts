/** Thrown when objects need each other in a circle, so that none can come first. */
export class DependencyCycle extends Error {
  constructor(readonly names: readonly string[]) {
    super(`These objects need each other: ${names.join(', ')}`);
    this.name = 'DependencyCycle';
  }
}

/**
 * The items so that each stands after those it needs; otherwise in the order given. O(items + needs).
 * @throws DependencyCycle naming the members.
 */
export const inDependencyOrder = <Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  needs: (item: Item) => readonly string[],
): readonly Item[] => {
  const byName = new Map(items.map((item) => [nameOf(item), item]));
  const state = new Map<string, 'open' | 'done'>();
  const ordered: Item[] = [];
  const visit = (item: Item, trail: readonly string[]): void => {
    const name = nameOf(item);
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new DependencyCycle([...trail.slice(trail.indexOf(name)), name]);
    state.set(name, 'open');
    for (const need of needs(item)) {
      const needed = byName.get(need);
      if (needed !== undefined && need !== name) visit(needed, [...trail, name]);
    }
    state.set(name, 'done');
    ordered.push(item);
  };
  for (const item of items) visit(item, []);
  return ordered;
};
