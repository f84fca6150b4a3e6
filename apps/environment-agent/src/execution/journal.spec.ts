import type { JournalEntry } from '@dsem/engine';
import { begun, doneSteps, journalEntry } from './journal.js';
import type { DirectedStep } from './route.js';

const steps = ['a', 'b', 'c'].map((id, index): DirectedStep => ({
  place: { step: id, index, of: 3, object: id },
  statements: [],
  undo: [],
  transactional: true,
  undoTransactional: true,
  irreversibleBecause: '',
  timeouts: { lockMs: 0, statementMs: 0 },
  before: { objects: {} },
  after: { objects: {} },
}));
const head = { execution: 'e', direction: 'forward', planHash: 'h', epoch: 3 } as const;
const row = (step: number, state: JournalEntry['state'], change: Partial<JournalEntry> = {}): JournalEntry => ({
  ...journalEntry(head, steps[step]!, state),
  ...change,
});

describe('reading the journal', () => {
  it.each([
    ['nothing', [], 0],
    ['an intent only', [row(0, 'intent')], 0],
    ['a first step', [row(0, 'applied')], 1],
    ['a failed second', [row(0, 'applied'), row(1, 'failed')], 1],
    ['a gap', [row(0, 'applied'), row(2, 'applied')], 1],
    ['all', [row(2, 'applied'), row(1, 'applied'), row(0, 'applied')], 3],
    ['the other direction', [row(0, 'applied', { direction: 'reverse' })], 0],
  ])('counts the steps done with %s', (_title, entries, done) => {
    expect(doneSteps(entries, head, steps)).toBe(done);
  });

  it('refuses an execution that began with another plan', () => {
    const entries = [row(0, 'applied', { planHash: 'other' })];
    expect(() => doneSteps(entries, head, steps)).toThrow('e has begun with plan other');
  });

  it('knows whether a step was ever begun', () => {
    expect(begun([row(0, 'intent')], steps[0]!)).toBe(true);
    expect(begun([row(0, 'intent')], steps[1]!)).toBe(false);
  });
});
