import fc from 'fast-check';
import { nextWait } from './backoff.js';

const patience = { firstMs: 100, mostMs: 1000, budgetMs: 5000 };

describe('waiting between tries', () => {
  it.each([
    [0, 0, 1, 100],
    [0, 0, 0, 50],
    [1, 100, 1, 200],
    [9, 2000, 1, 1000],
    [9, 4500, 1, undefined],
    [9, 4500, 0, 500],
  ])('gives for try %p after %p ms with luck %p: %p', (attempt, waited, random, wait) => {
    expect(nextWait(patience, attempt, waited, random)).toBe(wait);
  });

  it('ends for every luck, and never waits longer than the budget', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (luck) => {
        let waited = 0;
        for (let attempt = 0; attempt < 200; attempt += 1) {
          const wait = nextWait(patience, attempt, waited, luck.next().value as number);
          if (wait === undefined) return waited <= patience.budgetMs;
          waited += wait;
        }
        return false;
      }),
    );
  });
});
