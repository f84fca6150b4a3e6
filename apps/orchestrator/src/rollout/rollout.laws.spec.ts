import { type Direction, type RolloutEvent } from '@dsem/events';
import fc from 'fast-check';
import { statusOf, progressOf, type MigrationView } from '../migration/migration.view.js';
import { migration } from '../migration/migration.js';
import { digestOf, startedWith } from '../testing/rollout-sample.js';
import { rollout, RolloutStateConflict, type RolloutCommand } from './rollout.js';
import type { RolloutState, TargetState } from './rollout-state.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

/** One thing that happens to a rollout; numbers pick among what there is at that moment. */
type Step =
  | { readonly kind: 'report'; readonly how: 'succeed' | 'fail' | 'lose-sight'; readonly pick: number }
  | {
      readonly kind: 'stray';
      readonly how: 'succeed' | 'fail' | 'lose-sight';
      readonly pick: number;
      readonly off: number;
    }
  | { readonly kind: 'person'; readonly does: PersonDoes; readonly pick: number }
  | { readonly kind: 'tick' };
type PersonDoes =
  | 'pause'
  | 'resume'
  | 'halt'
  | 'roll-back'
  | 'roll-back-one'
  | 'retry'
  | 'resolve-applied'
  | 'resolve-not'
  | 'abandon'
  | 'cancel';

const pick = fc.nat(20);
const how = fc.constantFrom('succeed' as const, 'succeed' as const, 'fail' as const, 'lose-sight' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('report' as const), how, pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stray' as const), how, pick, off: fc.constantFrom(-2, -1, 0, 1, 2) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      does: fc.constantFrom<PersonDoes>(
        ...(['pause', 'resume', 'resume', 'halt', 'roll-back', 'roll-back-one', 'retry', 'retry'] as const),
        ...(['resolve-applied', 'resolve-not', 'abandon', 'cancel'] as const),
      ),
      pick,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'tick' as const }) },
);

const shapeOfWaves = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 4 }), parallel: fc.integer({ min: 1, max: 3 }), bakes: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);
const history = fc.record({
  waves: shapeOfWaves,
  policy: fc.constantFrom('halt' as const, 'roll-back' as const),
  steps: fc.array(step, { maxLength: 60 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const targetsOf = (state: RolloutState): readonly TargetState[] => Object.values(state.targets);
const runningOf = (state: RolloutState): readonly TargetState[] =>
  targetsOf(state).filter((t) => t.status === 'running');
const chosen = <Item>(items: readonly Item[], index: number): Item | undefined =>
  items.length === 0 ? undefined : items[index % items.length];

const reporting = (
  kind: 'succeed' | 'fail' | 'lose-sight',
  about: { environment: string; attempt: number; direction: Direction; now: string },
): RolloutCommand => {
  if (kind === 'succeed') return { kind, digest: digestOf('c'), ...about };
  return kind === 'fail' ? { kind, code: 'DATA', cause: 'a null', ...about } : { kind, cause: 'no answer', ...about };
};

const person = (does: PersonDoes, target: TargetState, now: string): RolloutCommand => {
  const { environment } = target.target;
  switch (does) {
    case 'pause':
    case 'cancel':
      return { kind: does };
    case 'resume':
      return { kind: 'resume', now };
    case 'halt':
      return { kind: 'halt', cause: 'load' };
    case 'roll-back':
      return { kind: 'roll-back', why: 'asked', now };
    case 'roll-back-one':
      return { kind: 'roll-back', why: 'asked', environments: [environment], now };
    case 'retry':
      return { kind: 'retry', environment, now };
    case 'resolve-applied':
      return { kind: 'resolve', environment, as: 'applied', evidence: 'seen', now };
    case 'resolve-not':
      return { kind: 'resolve', environment, as: 'not-applied', evidence: 'seen', now };
    case 'abandon':
      return { kind: 'abandon', environment, why: 'gone', now };
    default:
      return does satisfies never;
  }
};

const stoppedFirst = (state: RolloutState): readonly TargetState[] => {
  const stopped = targetsOf(state).filter((target) => target.status === 'failed' || target.status === 'unknown');
  return stopped.length > 0 ? stopped : targetsOf(state);
};

const commandOf = (step: Step, state: RolloutState, now: string): RolloutCommand | undefined => {
  if (step.kind === 'tick') return { kind: 'tick', now };
  if (step.kind === 'person') {
    const target = chosen(stoppedFirst(state), step.pick);
    return target && person(step.does, target, now);
  }
  const target = chosen(step.kind === 'report' ? runningOf(state) : targetsOf(state), step.pick);
  if (target === undefined) return undefined;
  const off = step.kind === 'stray' ? step.off : 0;
  const { attempts, direction } = target;
  return reporting(step.how, { environment: target.target.environment, attempt: attempts + off, direction, now });
};

interface Moment {
  readonly before: RolloutState;
  readonly command: RolloutCommand;
  /** undefined when the command was refused. */
  readonly events: readonly RolloutEvent[] | undefined;
  readonly after: RolloutState;
}

const decided = (command: RolloutCommand, state: RolloutState): readonly RolloutEvent[] | undefined => {
  try {
    return rollout.decide(command, state);
  } catch (error) {
    if (error instanceof RolloutStateConflict) return undefined;
    throw error;
  }
};

const wavesOf = ({ waves, policy }: History) =>
  startedWith(
    waves.map(({ size, parallel, bakes }, wave) => ({
      environments: Array.from({ length: size }, (_, index) => `w${wave}-${index}`),
      parallel,
      bakeSeconds: bakes ? 120 : 0,
    })),
    policy,
  );

/** Plays a history; every command's events are folded before the next one. */
const play = (told: History): readonly Moment[] => {
  const moments: Moment[] = [];
  let state = rollout.initialState;
  const act = (command: RolloutCommand | undefined): void => {
    if (command === undefined) return;
    const events = decided(command, state);
    const after = (events ?? []).reduce(rollout.evolve, state);
    moments.push({ before: state, command, events, after });
    state = after;
  };
  act({ kind: 'start', rollout: wavesOf(told), now: at(0) });
  told.steps.forEach((each, index) => act(commandOf(each, state, at(index + 1))));
  return moments;
};

/** Every state on the way, event by event, with the event that leads out of it. */
const states = (told: History): readonly { before: RolloutState; event: RolloutEvent; after: RolloutState }[] =>
  play(told).flatMap((moment) => {
    let before = moment.before;
    return (moment.events ?? []).map((event) => {
      const at = { before, event, after: rollout.evolve(before, event) };
      before = at.after;
      return at;
    });
  });

const law = (title: string, check: (told: History) => void): void =>
  it(title, () => {
    fc.assert(fc.property(history, check), { numRuns: 1500 });
  });

const over: readonly RolloutState['status'][] = ['completed', 'cancelled', 'rolled-back'];

describe('whatever happens to a rollout', () => {
  law('two attempts of one target never run at once', (told) => {
    for (const { before, event } of states(told))
      if (event.type === 'TargetDispatched') {
        const known = before.targets[event.data.target.environment];
        expect(known?.status).not.toBe('running');
        expect(event.data.attempt).toBe((known?.attempts ?? 0) + 1);
      }
  });

  law('no wave runs more targets than it may, in either direction', (told) => {
    for (const { after } of states(told))
      after.waves.forEach(({ parallel }, wave) =>
        expect(runningOf(after).filter((target) => target.wave === wave).length).toBeLessThanOrEqual(parallel),
      );
  });

  law('a wave starts only when the former one passed, and passes only when it is settled', (told) => {
    const passed: number[] = [];
    for (const { before, event } of states(told)) {
      if (event.type === 'WaveStarted' && event.data.wave > 0) expect(passed).toContain(event.data.wave - 1);
      if (event.type !== 'WavePassed') continue;
      passed.push(event.data.wave);
      const open = targetsOf(before).filter((t) => t.wave === event.data.wave);
      expect(open.map((target) => target.status).filter((s) => s !== 'succeeded' && s !== 'abandoned')).toEqual([]);
    }
  });

  law('only the current wave goes forward', (told) => {
    for (const { before, event } of states(told))
      if (event.type === 'TargetDispatched' && event.data.direction === 'forward')
        expect(event.data.wave).toBe(before.wave);
  });

  law('nothing goes forward any more once a rollback was triggered', (told) => {
    const events = states(told).map(({ event }) => event);
    const first = events.findIndex((event) => event.type === 'RollbackTriggered');
    const later = first < 0 ? [] : events.slice(first);
    expect(later.filter((e) => e.type === 'TargetDispatched' && e.data.direction === 'forward')).toEqual([]);
    expect(later.filter((e) => e.type === 'WaveStarted' || e.type === 'RolloutCompleted')).toEqual([]);
  });

  law('a rollout that is over leaves that only by a rollback', (told) => {
    for (const { before, command, after } of play(told))
      if (over.includes(before.status) && after.status !== before.status) expect(command.kind).toBe('roll-back');
  });

  law('nothing goes forward any more once it was cancelled', (told) => {
    const events = states(told).map(({ event }) => event);
    const first = events.findIndex((event) => event.type === 'RolloutCancelled');
    const later = first < 0 ? [] : events.slice(first);
    expect(later.filter((e) => e.type === 'TargetDispatched' && e.data.direction === 'forward')).toEqual([]);
    expect(later.filter((e) => e.type === 'WaveStarted' || e.type === 'RolloutCompleted')).toEqual([]);
  });

  law('a report that is stale, doubled or from the other direction changes nothing', (told) => {
    for (const { after } of play(told))
      for (const target of targetsOf(after)) {
        const { attempts, status } = target;
        const direction = target.direction === 'forward' ? 'reverse' : 'forward';
        const about = { environment: target.target.environment, now: at(100) };
        const strays = [
          { ...about, attempt: attempts, direction } as const,
          { ...about, attempt: attempts - 1, direction: target.direction },
          { ...about, attempt: attempts + 1, direction: target.direction },
          ...(status === 'running' ? [] : [{ ...about, attempt: attempts, direction: target.direction }]),
        ];
        const kinds = ['succeed', 'fail', 'lose-sight'] as const;
        const heard = strays.flatMap((stray) => kinds.flatMap((kind) => rollout.decide(reporting(kind, stray), after)));
        if (heard.length > 0) expect(heard).toEqual([]);
      }
  });

  law('the same command in the same state leads to the same events', (told) => {
    for (const { before, command, events } of play(told)) expect(decided(command, before)).toEqual(events);
  });

  law('a state that seems to be under way has something running, or a time at which it goes on', (told) => {
    for (const { after } of play(told)) {
      if (after.status === 'running' || after.status === 'rolling-back')
        expect(runningOf(after).length).toBeGreaterThan(0);
      if (after.status === 'baking') expect(Date.parse(after.bakeUntil ?? '')).not.toBeNaN();
      if (after.status === 'completed' || after.status === 'rolled-back') expect(runningOf(after)).toEqual([]);
    }
  });

  law('where it stopped, one of the ways that people are shown is open', (told) => {
    const last = play(told).at(-1)?.after ?? rollout.initialState;
    if (last.status !== 'paused' && last.status !== 'halted') return;
    const view: MigrationView = { state: migration.initialState, rollout: last, author: 'key:a', created: at(0) };
    const { allowed } = progressOf(view, []);
    const open = allowed.filter((way) => waysOf(way, last).some((command) => decided(command, last) !== undefined));
    expect(open.filter((way) => way !== 'cancel').length).toBeGreaterThan(0);
  });

  law('it can always be brought to an end: what runs succeeds, people settle and resume', (told) => {
    let state = play(told).at(-1)?.after ?? rollout.initialState;
    for (let left = 200; left > 0 && !over.includes(state.status); left--) {
      const events = decided(towardsTheEnd(state), state);
      expect([state.status, events]).not.toEqual([state.status, undefined]);
      state = (events ?? []).reduce(rollout.evolve, state);
    }
    expect(over).toContain(state.status);
    expect(statusOf(migration.initialState, state)).toBe(state.status);
  });
});

const waysOf = (way: string, state: RolloutState): readonly RolloutCommand[] => {
  const now = at(100);
  const each = (does: PersonDoes) => targetsOf(state).map((target) => person(does, target, now));
  switch (way) {
    case 'resume':
      return [{ kind: 'resume', now }];
    case 'rollback':
      return [{ kind: 'roll-back', why: 'asked', now }];
    case 'retry':
      return each('retry');
    case 'resolve':
      return each('resolve-applied');
    case 'abandon':
      return each('abandon');
    case 'cancel':
      return [{ kind: 'cancel' }];
    default:
      return [];
  }
};

const towardsTheEnd = (state: RolloutState): RolloutCommand => {
  const now = at(10_000);
  const [first] = runningOf(state);
  if (first !== undefined) {
    const { attempts, direction } = first;
    return reporting('succeed', { environment: first.target.environment, attempt: attempts, direction, now });
  }
  const unknown = targetsOf(state).find((target) => target.status === 'unknown');
  if (unknown !== undefined) return person('resolve-applied', unknown, now);
  return state.status === 'baking' ? { kind: 'tick', now: state.bakeUntil ?? now } : { kind: 'resume', now };
};
