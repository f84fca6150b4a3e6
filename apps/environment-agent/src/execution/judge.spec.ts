import fc from 'fast-check';
import type { Probe } from '@dsem/plan';
import { describeDifferences, differences, judge, type Live, positionOf } from './judge.js';
import type { DirectedStep, Route } from './route.js';

const probe = (objects: Probe['objects']): Probe => ({ objects });
const live = (objects: Record<string, string>, change: Partial<Live> = {}): Live => ({
  digest: 'somewhere',
  start: 'somewhere',
  objects: new Map(Object.entries(objects)),
  invalidIndexes: new Set(),
  ...change,
});
const step = (index: number, before: Probe['objects'], after: Probe['objects']): DirectedStep => ({
  place: { step: `s${index}`, index, of: 9, object: 'o' },
  statements: [],
  undo: [],
  transactional: true,
  undoTransactional: true,
  irreversibleBecause: '',
  timeouts: { lockMs: 1, statementMs: 1 },
  before: probe(before),
  after: probe(after),
});
const route = (...steps: readonly DirectedStep[]): Route => ({ steps, from: 'start', to: 'end' });

describe('judging one step', () => {
  const build = step(0, { 'index i': null }, { 'index i': 'good' });
  const remove = step(0, { 'index i': 'good' }, { 'index i': null });
  const unfinished = live({ 'index i': 'bad' }, { invalidIndexes: new Set(['index i']) });

  it.each([
    ['in effect', build, live({ 'index i': 'good' }), { kind: 'applied' }],
    ['not begun', build, live({}), { kind: 'not-applied' }],
    ['an unfinished build', build, unfinished, { kind: 'debris', undo: true, objects: ['index i'] }],
    ['an unfinished removal', remove, unfinished, { kind: 'debris', undo: false, objects: ['index i'] }],
  ] as const)('tells %s', (_title, subject, state, verdict) => {
    expect(judge(subject, state)).toEqual(verdict);
  });

  it('tells a third state with what differs from both sides', () => {
    expect(judge(build, live({ 'index i': 'other' }))).toEqual({
      kind: 'partial',
      before: [{ object: 'index i', wanted: null, found: 'other' }],
      after: [{ object: 'index i', wanted: 'good', found: 'other' }],
    });
  });

  it('does not take an unfinished index for debris when more than that is wrong', () => {
    const two = step(0, { 'index i': null, 'table t': 'x' }, { 'index i': 'good', 'table t': 'y' });
    expect(judge(two, unfinished).kind).toBe('partial');
  });

  it('never takes a step without a trace in the catalogue for done', () => {
    expect(judge(step(0, {}, {}), live({})).kind).toBe('not-applied');
  });

  it('names at most ten differences in words', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`table t${at}`, 'a']));
    const text = describeDifferences(differences(probe(many), live({ 'table t0': 'b' })));
    expect(text).toContain('table t0: wanted a, found b; table t1: wanted a, found absent');
    expect(text.split(';')).toHaveLength(10);
  });
});

describe('finding the position on a route', () => {
  const helper = route(
    step(0, { 'check h': null }, { 'check h': 'h' }),
    step(1, { 'column c': 'null' }, { 'column c': 'not null' }),
    step(2, { 'check h': 'h' }, { 'check h': null }),
  );

  it.each([
    ['before the first', { 'column c': 'null' }, 0],
    ['after the first', { 'check h': 'h', 'column c': 'null' }, 1],
    ['after the second', { 'check h': 'h', 'column c': 'not null' }, 2],
    ['at the end, where the helper is gone again', { 'column c': 'not null' }, 3],
    ['nowhere', { 'column c': 'dropped' }, undefined],
  ] as const)('sees a database %s step', (_title, objects, at) => {
    expect(positionOf(helper, 0, live(objects))).toBe(at);
  });

  it('never goes back behind what the journal says', () => {
    expect(positionOf(helper, 1, live({ 'column c': 'null' }))).toBeUndefined();
  });

  it('believes the target digest whatever the steps look like', () => {
    expect(positionOf(helper, 0, live({ 'column c': 'dropped' }, { digest: 'end' }))).toBe(3);
  });

  it('runs traceless steps again unless the journal knows them', () => {
    const backfill = route(step(0, {}, {}), step(1, { 'table t': null }, { 'table t': 'x' }));
    expect(positionOf(backfill, 0, live({}))).toBe(0);
    expect(positionOf(backfill, 1, live({}))).toBe(1);
  });

  it('finds every station of a random walk over a few objects, or an equal earlier one', () => {
    const value = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
    const walk = fc.array(fc.tuple(fc.constantFrom('table x', 'table y', 'table z'), value), { maxLength: 8 });
    fc.assert(
      fc.property(walk, fc.nat(8), (moves, cut) => {
        const state = new Map<string, string | null>();
        const states = [new Map(state)];
        const steps = moves.map(([object, to], index) => {
          const made = step(index, { [object]: state.get(object) ?? null }, { [object]: to });
          state.set(object, to);
          states.push(new Map(state));
          return made;
        });
        const present = (at: number) =>
          Object.fromEntries([...states[at]!].filter((pair): pair is [string, string] => pair[1] !== null));
        const at = Math.min(cut, moves.length);
        const found = positionOf(route(...steps), 0, live(present(at)));
        expect(found).toBeLessThanOrEqual(at);
        expect(present(found ?? -1)).toEqual(present(at));
      }),
    );
  });
});
