import type { Plan, Step } from '@dsem/plan';
import { routeOf } from './route.js';

const step = (id: string, change: Partial<Step> = {}): Step => ({
  id,
  kind: 'sample',
  object: `public.${id}`,
  phase: 'single',
  transactional: true,
  statements: [`make ${id}`],
  reverse: [`unmake ${id}`],
  reverseTransactional: false,
  lock: { level: '', blocks: 'none' },
  cost: 'meta',
  timeouts: { lockMs: 1, statementMs: 2 },
  hazards: [],
  precondition: { objects: { [id]: null } },
  postcondition: { objects: { [id]: 'x' } },
  changes: [],
  ...change,
});
const plan: Plan = {
  schemaVersion: 1,
  engine: 'postgresql',
  engineVersion: '18',
  from: { digest: 'A' },
  to: { digest: 'B' },
  hash: 'h',
  destructive: false,
  changes: [],
  findings: [],
  steps: [step('a'), step('b', { reverse: null, irreversibleBecause: 'rows are gone' })],
};

describe('a route', () => {
  it('runs the steps as planned', () => {
    const { steps, from, to } = routeOf(plan, 'forward');
    expect([from, to]).toEqual(['A', 'B']);
    expect(steps[0]).toMatchObject({
      place: { step: 'a', index: 0, of: 2, object: 'public.a' },
      statements: ['make a'],
      undo: ['unmake a'],
      transactional: true,
      undoTransactional: false,
      before: { objects: { a: null } },
      after: { objects: { a: 'x' } },
    });
  });

  it('goes back from the last step to the first, with before and after swapped', () => {
    const { steps, from, to } = routeOf(plan, 'reverse');
    expect([from, to]).toEqual(['B', 'A']);
    expect(steps.map((each) => [each.place.step, each.place.index])).toEqual([
      ['b', 0],
      ['a', 1],
    ]);
    expect(steps[0]).toMatchObject({ statements: null, irreversibleBecause: 'rows are gone' });
    expect(steps[1]).toMatchObject({
      statements: ['unmake a'],
      undo: ['make a'],
      transactional: false,
      undoTransactional: true,
      before: { objects: { a: 'x' } },
      after: { objects: { a: null } },
    });
  });
});
