import fc from 'fast-check';
import { DependencyCycle, dependencyOrder } from './graph.js';

describe('dependency order', () => {
  it('keeps the order given where nothing is needed', () => {
    expect(dependencyOrder(3, [[], [], []])).toEqual([0, 1, 2]);
  });

  it('puts each item after those it needs', () => {
    const graphs = fc.array(fc.array(fc.nat(19), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(graphs, (edges) => {
        const last = edges.length - 1;
        const needs = edges.map((held, at) => held.filter((to) => to > at && to <= last));
        const sorted = dependencyOrder(edges.length, needs);
        expect([...sorted].sort((a, b) => a - b)).toEqual(edges.map((_, at) => at));
        needs.forEach((held, at) => {
          for (const need of held) expect(sorted.indexOf(need)).toBeLessThan(sorted.indexOf(at));
        });
      }),
    );
  });

  it('grants wishes where no circle forbids them', () => {
    expect(dependencyOrder(2, [[], []], [[1], []])).toEqual([1, 0]);
    expect(dependencyOrder(2, [[], [0]], [[1], []])).toEqual([0, 1]);
    expect(dependencyOrder(3, [[], [2], [0]], [[1], [], []])).toEqual([0, 2, 1]);
    expect(dependencyOrder(2, [[], []], [[1], [0]])).toEqual([1, 0]);
  });

  it('keeps every need and every item, whatever is wished', () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 15 }), fc.array(edge, { maxLength: 15 }), (needed, wished) => {
        const of = (pairs: readonly (readonly [number, number])[]): number[][] =>
          Array.from({ length: 10 }, (_, at) => pairs.filter(([from]) => from === at).map(([, to]) => to));
        const needs = of(needed.filter(([from, to]) => from < to));
        const sorted = dependencyOrder(10, needs, of(wished.filter(([from, to]) => from !== to)));
        expect([...sorted].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        needs.forEach((held, at) => {
          for (const need of held) expect(sorted.indexOf(need)).toBeLessThan(sorted.indexOf(at));
        });
      }),
    );
  });

  it('names the members of a circle', () => {
    const circle = (): unknown => dependencyOrder(3, [[1], [2], [1]]);
    expect(circle).toThrow(DependencyCycle);
    expect(circle).toThrow(expect.objectContaining({ members: [1, 2] }) as Error);
  });
});
