import {
  rolloutStarted,
  targetDispatched,
  waveStarted,
  type Direction,
  type Loss,
  type RolloutEvent,
} from '@dsem/events';

/** A digest that is easy to tell from others. */
export const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

export const about = { rollout: 'r1', migration: 'm1' };

export const now = '2026-01-01T00:00:00.000Z';

export const targetOf = (environment: string) => ({
  environment,
  plan: digestOf('a'),
  from: digestOf('b'),
  to: digestOf('c'),
});

export interface WaveSample {
  readonly environments: readonly string[];
  readonly parallel?: number;
  readonly bakeSeconds?: number;
}

type Started = ReturnType<typeof rolloutStarted.of>['data'];

/** The facts of a rollout over these waves. */
export const startedWith = (
  waves: readonly WaveSample[],
  failurePolicy: Started['failurePolicy'] = 'halt',
  losses: readonly Loss[] = [],
): Started => ({
  ...about,
  subject: 'shop',
  direction: 'forward',
  waves: waves.map(({ environments, parallel = 10, bakeSeconds = 0 }) => ({
    targets: environments.map(targetOf),
    parallel,
    bakeSeconds,
  })),
  failurePolicy,
  approval: 'signed',
  losses: { [digestOf('a')]: [...losses] },
});

/** An environment's dispatch as the rollout tells it. */
export const dispatched = (environment: string, attempt = 1, wave = 0, direction: Direction = 'forward') =>
  targetDispatched.of({
    ...about,
    subject: 'shop',
    wave,
    attempt,
    direction,
    target: targetOf(environment),
    approval: 'signed',
  });

/** The events of a rollout whose first wave has begun with `running` of its environments. */
export const begun = (
  waves: readonly WaveSample[],
  running: readonly string[],
  failurePolicy: Started['failurePolicy'] = 'halt',
  losses: readonly Loss[] = [],
): readonly RolloutEvent[] => [
  rolloutStarted.of(startedWith(waves, failurePolicy, losses)),
  waveStarted.of({ ...about, wave: 0 }),
  ...running.map((environment) => dispatched(environment)),
];
