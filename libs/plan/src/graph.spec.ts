import fc from 'fast-check';
import { DependencyCycle, inDependencyOrder } from './graph.js';

interface Item {
  readonly name: string;
  readonly needs: readonly string[];
}
const order = (items: readonly Item[]): readonly string[] =>
  inDependencyOrder(
    items,
    ({ name }) => name,
    ({ needs }) => needs,
  ).map(({ name }) => name);

describe('dependency order', () => {
  it('keeps the order given where nothing is needed, and ignores what is not there', () => {
    expect(
      order([
        { name: 'b', needs: ['x'] },
        { name: 'a', needs: ['a'] },
      ]),
    ).toEqual(['b', 'a']);
  });

  it('puts each item after those it needs', () => {
    const graphs = fc.array(fc.array(fc.nat(19), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(graphs, (edges) => {
        const items = edges.map((needs, at) => ({
          name: String(at),
          needs: needs.filter((to) => to < at).map(String),
        }));
        const sorted = order(items.toReversed());
        expect([...sorted].sort()).toEqual(items.map(({ name }) => name).sort());
        for (const { name, needs } of items) {
          for (const need of needs) expect(sorted.indexOf(need)).toBeLessThan(sorted.indexOf(name));
        }
      }),
    );
  });

  it('names the members of a cycle', () => {
    const items = [
      { name: 'a', needs: ['b'] },
      { name: 'b', needs: ['c'] },
      { name: 'c', needs: ['b'] },
    ];
    expect(() => order(items)).toThrow(DependencyCycle);
    expect(() => order(items)).toThrow('b, c, b');
  });
});
