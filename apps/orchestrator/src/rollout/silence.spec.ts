import type { StoredEvent } from '@dsem/event-store';
import { rolloutStarted, targetDispatched, targetSucceeded, waveStarted, type RolloutEvent } from '@dsem/events';
import { silentTargets } from './silence.js';

const digest = `sha256:${'a'.repeat(64)}`;
const target = (environment: string) => ({ environment, plan: digest, from: digest, to: digest });
const ids = { rollout: 'r', migration: 'm' };

const started = rolloutStarted.of({
  ...ids,
  subject: 'shop',
  direction: 'forward',
  waves: [{ targets: [target('a'), target('b')], parallel: 2, bakeSeconds: 0 }],
  failurePolicy: 'halt',
  approval: '',
});
const dispatched = (environment: string) =>
  targetDispatched.of({
    ...ids,
    subject: 'shop',
    wave: 0,
    attempt: 1,
    direction: 'forward',
    target: target(environment),
    approval: '',
  });
const succeeded = targetSucceeded.of({ ...ids, environment: 'a', attempt: 1, direction: 'forward', digest });

const at = (time: string, ...events: readonly RolloutEvent[]): StoredEvent[] =>
  events.map((event) => ({ ...event, time }) as unknown as StoredEvent);

const morning = '2026-03-01T08:00:00.000Z';
const story = at(morning, started, waveStarted.of({ ...ids, wave: 0 }), dispatched('a'), dispatched('b'));

describe('an agent that does not answer', () => {
  it('is given the time in which its command may still be taken on', () => {
    expect(silentTargets(story, '2026-03-02T08:30:00.000Z')).toEqual([]);
  });

  it('is lost sight of afterwards', () => {
    const lost = (environment: string) => ({ environment, attempt: 1, direction: 'forward' });
    expect(silentTargets(story, '2026-03-02T09:00:00.001Z')).toEqual([lost('a'), lost('b')]);
  });

  it('does not concern targets that have ended', () => {
    const events = [...story, ...at(morning, succeeded)];
    expect(silentTargets(events, '2026-03-03T08:00:00.000Z').map((each) => each.environment)).toEqual(['b']);
  });
});
