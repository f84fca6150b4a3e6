import {
  rollbackTriggered,
  rolloutCancelled,
  rolloutCompleted,
  rolloutHalted,
  rolloutPaused,
  rolloutResumed,
  rolloutRolledBack,
  rolloutStarted,
  targetAbandoned,
  targetFailed,
  targetResolved,
  targetRolledBack,
  targetSucceeded,
  targetUnknown,
  waveBaking,
  wavePassed,
  waveStarted,
  type Direction,
  type Lost,
  type RolloutEvent,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { about, begun, digestOf, dispatched, now, startedWith } from '../testing/rollout-sample.js';
import { rollout, type RolloutCommand } from './rollout.js';

const twoWaves = [{ environments: ['dev'] }, { environments: ['eu', 'us'], parallel: 1 }];
const one = [{ environments: ['dev'] }];
const pair = [{ environments: ['eu', 'us'] }];

const report = (environment: string, attempt = 1, direction: Direction = 'forward') => ({
  environment,
  attempt,
  direction,
  now,
});
const succeed = (environment: string, attempt = 1, direction: Direction = 'forward'): RolloutCommand => ({
  kind: 'succeed',
  digest: digestOf('c'),
  ...report(environment, attempt, direction),
});
const fail = (environment: string, attempt = 1, direction: Direction = 'forward'): RolloutCommand => ({
  kind: 'fail',
  code: 'DATA',
  cause: 'a null',
  ...report(environment, attempt, direction),
});
const loseSight = (environment: string, attempt = 1, direction: Direction = 'forward'): RolloutCommand => ({
  kind: 'lose-sight',
  cause: 'no answer',
  ...report(environment, attempt, direction),
});
const rollBack = (...environments: string[]): RolloutCommand => ({
  kind: 'roll-back',
  why: 'asked',
  now,
  ...(environments.length === 0 ? {} : { environments }),
});

const reached = (environment: string, attempt = 1) =>
  targetSucceeded.of({ ...about, environment, attempt, direction: 'forward', digest: digestOf('c') });
const failed = (environment: string, attempt = 1, direction: Direction = 'forward') =>
  targetFailed.of({ ...about, environment, attempt, direction, code: 'DATA', cause: 'a null' });
const unknown = (environment: string, attempt = 1, direction: Direction = 'forward') =>
  targetUnknown.of({ ...about, environment, attempt, direction, cause: 'no answer' });
const back = (environment: string, attempt = 2) =>
  targetRolledBack.of({ ...about, environment, attempt, digest: digestOf('c') });
const halted = (cause: string) => rolloutHalted.of({ ...about, cause });
const started = (wave: number) => waveStarted.of({ ...about, wave });
const passed = (wave: number) => wavePassed.of({ ...about, wave });
const triggered = (why: string, ...environments: string[]) => rollbackTriggered.of({ ...about, why, environments });
const rolledBack = (...environments: string[]) => rolloutRolledBack.of({ ...about, environments });
const completed = (...environments: string[]) => rolloutCompleted.of({ ...about, environments });
const paused = rolloutPaused.of(about);
const resumed = rolloutResumed.of(about);
const resume: RolloutCommand = { kind: 'resume', now };

const failedOfPair = [...begun(pair, ['eu', 'us']), failed('eu'), halted('eu: a null')];
const stoppedRollback = [
  ...begun(pair, ['eu', 'us']),
  reached('eu'),
  reached('us'),
  passed(0),
  completed('eu', 'us'),
  triggered('asked', 'eu', 'us'),
  dispatched('eu', 2, 0, 'reverse'),
  dispatched('us', 2, 0, 'reverse'),
  failed('eu', 2, 'reverse'),
  halted('eu: a null'),
];

type Case = readonly [string, readonly RolloutEvent[], RolloutCommand, readonly RolloutEvent[]];

const forward: readonly Case[] = [
  [
    'starts its first wave and dispatches as many as may run in parallel',
    [],
    { kind: 'start', rollout: startedWith([{ environments: ['a', 'b', 'c'], parallel: 2 }]), now },
    begun([{ environments: ['a', 'b', 'c'], parallel: 2 }], ['a', 'b']),
  ],
  ['starts once only', begun(one, ['dev']), { kind: 'start', rollout: startedWith(one), now }, []],
  [
    'starts the next wave when the last target of the former has succeeded',
    begun(twoWaves, ['dev']),
    succeed('dev'),
    [reached('dev'), passed(0), started(1), dispatched('eu', 1, 1)],
  ],
  [
    'keeps the time that a target took',
    begun(pair, ['eu', 'us']),
    { ...succeed('eu'), durationMs: 5 } as RolloutCommand,
    [targetSucceeded.of({ ...reached('eu').data, durationMs: 5 })],
  ],
  [
    'completes with the environments it reached',
    [...begun(pair, ['eu', 'us']), reached('eu')],
    succeed('us'),
    [reached('us'), passed(0), completed('eu', 'us')],
  ],
  [
    'bakes a wave before it passes',
    begun([{ environments: ['dev'], bakeSeconds: 60 }], ['dev']),
    succeed('dev'),
    [reached('dev'), waveBaking.of({ ...about, wave: 0, until: '2026-01-01T00:01:00.000Z' })],
  ],
  ['ignores a report of an earlier attempt', begun(one, ['dev']), succeed('dev', 2), []],
  ['ignores a report of the other direction', begun(one, ['dev']), succeed('dev', 1, 'reverse'), []],
  ['ignores a report of a stranger', begun(one, ['dev']), fail('mars'), []],
  ['ignores a second report of the same attempt', [...begun(pair, ['eu', 'us']), reached('eu')], fail('eu'), []],
  ['ignores a loss of sight of what has ended', [...begun(pair, ['eu', 'us']), reached('eu')], loseSight('eu'), []],
];

const failing: readonly Case[] = [
  [
    'halts when a target fails, and starts nothing more',
    begun(twoWaves, ['dev']),
    fail('dev'),
    [failed('dev'), halted('dev: a null')],
  ],
  ['lets the others end while it is halted', failedOfPair, succeed('us'), [reached('us')]],
  ['keeps the first cause of a halt', failedOfPair, fail('us'), [failed('us')]],
  [
    'rolls back the targets of the wave that went forward when its policy says so',
    [
      ...begun([{ environments: ['a'] }, { environments: ['b', 'c', 'd'], parallel: 2 }], ['a'], 'roll-back'),
      reached('a'),
      passed(0),
      started(1),
      dispatched('b', 1, 1),
      dispatched('c', 1, 1),
      reached('b'),
      dispatched('d', 1, 1),
      reached('d'),
    ],
    fail('c'),
    [
      failed('c'),
      triggered('c: a null', 'b', 'c', 'd'),
      dispatched('b', 2, 1, 'reverse'),
      dispatched('c', 2, 1, 'reverse'),
    ],
  ],
  [
    'halts and asks for a decision when the outcome is unknown, whatever the policy',
    begun(one, ['dev'], 'roll-back'),
    loseSight('dev'),
    [unknown('dev'), halted('dev: the outcome is unknown: no answer')],
  ],
  [
    'halts again when only what failed is left',
    [...failedOfPair, failed('us'), resumed, dispatched('us', 2)],
    succeed('us', 2),
    [reached('us', 2), halted('eu is failed')],
  ],
];

const column = { object: 'public.t.b', rule: 'drop-column' };
const table = { object: 'public.u', rule: 'drop-table' };
/** The second and the third step of the plan make something. */
const lossy = [
  { step: 1, ...column },
  { step: 2, ...table },
];
const failedAt = (environment: string, steps: number | undefined, attempt = 1) =>
  targetFailed.of({ ...failed(environment, attempt).data, ...(steps === undefined ? {} : { begun: steps }) });
const failAt = (environment: string, begunSteps: number): RolloutCommand => ({
  ...(fail(environment) as Extract<RolloutCommand, { kind: 'fail' }>),
  begun: begunSteps,
});
const undecided = (cause: string, told: string, losses: readonly Lost[]) =>
  rolloutHalted.of({
    ...about,
    cause: `${cause}; its wave is not rolled back by itself, because that would lose data: ${told}. Roll it back with acceptDataLoss, or retry, resume, abandon or cancel`,
    losses: [...losses],
  });
const accepting = (...environments: string[]): RolloutCommand => ({
  ...(rollBack(...environments) as Extract<RolloutCommand, { kind: 'roll-back' }>),
  acceptDataLoss: true,
});
const accepted = (environments: readonly string[], losses: readonly Lost[]) =>
  rollbackTriggered.of({ ...about, why: 'asked', environments: [...environments], acceptedLosses: [...losses] });
const doneOfPair = [...begun(pair, ['eu', 'us'], 'halt', lossy), reached('eu'), reached('us'), passed(0)];
const withoutLosses = begun(pair, ['eu', 'us'], 'roll-back').map((event) =>
  event.type === 'RolloutStarted' ? rolloutStarted.of({ ...event.data, losses: undefined }) : event,
);

const losing: readonly Case[] = [
  [
    'asks a person where the policy would destroy what another environment of the wave holds',
    [...begun(pair, ['eu', 'us'], 'roll-back', lossy), reached('eu')],
    failAt('us', 0),
    [
      failedAt('us', 0),
      undecided('us: a null', 'public.t.b (drop-column), public.u (drop-table) in eu', [
        { environments: ['eu'], objects: [column, table] },
      ]),
    ],
  ],
  [
    'goes back by policy where the wave failed before anything was made that would be lost',
    begun(pair, ['eu', 'us'], 'roll-back', lossy).concat(failedAt('eu', 1)),
    failAt('us', 1),
    [
      failedAt('us', 1),
      triggered('us: a null', 'eu', 'us'),
      dispatched('eu', 2, 0, 'reverse'),
      dispatched('us', 2, 0, 'reverse'),
    ],
  ],
  [
    'counts only the steps that may be in effect, and everything where an agent still works',
    begun(pair, ['eu', 'us'], 'roll-back', lossy),
    failAt('us', 2),
    [
      failedAt('us', 2),
      undecided('us: a null', 'public.t.b (drop-column), public.u (drop-table) in eu; public.t.b (drop-column) in us', [
        { environments: ['eu'], objects: [column, table] },
        { environments: ['us'], objects: [column] },
      ]),
    ],
  ],
  [
    'counts everything where nobody told how far a failure came',
    begun(one, ['dev'], 'roll-back', lossy),
    fail('dev'),
    [
      failed('dev'),
      undecided('dev: a null', 'public.t.b (drop-column), public.u (drop-table) in dev', [
        { environments: ['dev'], objects: [column, table] },
      ]),
    ],
  ],
  [
    'does not go back by itself in a rollout that began before losses were worked out',
    withoutLosses,
    failAt('us', 1),
    [
      failedAt('us', 1),
      undecided('us: a null', 'whatever the plan made (not-worked-out) in eu, us', [
        { environments: ['eu', 'us'], objects: [{ object: 'whatever the plan made', rule: 'not-worked-out' }] },
      ]),
    ],
  ],
  [
    'goes back where the loss is accepted, and keeps what was',
    doneOfPair,
    accepting('us'),
    [accepted(['us'], [{ environments: ['us'], objects: [column, table] }]), dispatched('us', 2, 0, 'reverse')],
  ],
  [
    'asks about new environments only, where some are being taken back already',
    [
      ...doneOfPair,
      accepted(['eu'], [{ environments: ['eu'], objects: [column, table] }]),
      dispatched('eu', 2, 0, 'reverse'),
      failed('eu', 2, 'reverse'),
      halted('eu: a null'),
    ],
    accepting('us'),
    [
      accepted(['eu', 'us'], [{ environments: ['us'], objects: [column, table] }]),
      dispatched('eu', 3, 0, 'reverse'),
      dispatched('us', 2, 0, 'reverse'),
    ],
  ],
];

const steering: readonly Case[] = [
  ['pauses', begun(one, ['dev']), { kind: 'pause' }, [paused]],
  [
    'says why it pauses',
    begun(one, ['dev']),
    { kind: 'pause', why: 'lunch' },
    [rolloutPaused.of({ ...about, why: 'lunch' })],
  ],
  ['starts nothing while paused', [...begun(twoWaves, ['dev']), paused], succeed('dev'), [reached('dev')]],
  [
    'goes on when it is resumed',
    [...begun(twoWaves, ['dev']), paused, reached('dev')],
    resume,
    [resumed, passed(0), started(1), dispatched('eu', 1, 1)],
  ],
  ['tries again what failed when it is resumed', failedOfPair, resume, [resumed, dispatched('eu', 2)]],
  ['halts for a cause from outside', begun(one, ['dev']), { kind: 'halt', cause: 'load' }, [halted('load')]],
  ['is not halted twice', failedOfPair, { kind: 'halt', cause: 'load' }, []],
  [
    'retries a failed target with the next attempt',
    failedOfPair,
    { kind: 'retry', environment: 'eu', now },
    [resumed, dispatched('eu', 2)],
  ],
  [
    'fills the free places of the wave when it retries',
    [
      ...begun([{ environments: ['a', 'b', 'c'], parallel: 2 }], ['a', 'b']),
      failed('a'),
      halted('a: a null'),
      reached('b'),
    ],
    { kind: 'retry', environment: 'a', now },
    [resumed, dispatched('a', 2), dispatched('c')],
  ],
  [
    'takes the word of a person for an unknown outcome',
    [...begun(pair, ['eu', 'us']), unknown('eu'), halted('x')],
    { kind: 'resolve', environment: 'eu', as: 'applied', evidence: 'seen', now },
    [
      targetResolved.of({
        ...about,
        environment: 'eu',
        attempt: 1,
        direction: 'forward',
        resolution: 'applied',
        evidence: 'seen',
      }),
    ],
  ],
  [
    'goes on without a target that was abandoned',
    [...failedOfPair, reached('us'), failed('us'), resumed],
    { kind: 'abandon', environment: 'eu', why: 'gone', now },
    [targetAbandoned.of({ ...about, environment: 'eu', why: 'gone' }), halted('us is failed')],
  ],
  [
    'completes over the rest when the last open target is abandoned and it is resumed',
    [...failedOfPair, reached('us'), targetAbandoned.of({ ...about, environment: 'eu', why: 'gone' })],
    resume,
    [resumed, passed(0), completed('us')],
  ],
  [
    'tells what will not start any more when it is cancelled',
    begun(twoWaves, ['dev']),
    { kind: 'cancel' },
    [rolloutCancelled.of({ ...about, notStarted: ['eu', 'us'] })],
  ],
  [
    'hears the end of what still runs after it was cancelled',
    [...begun(one, ['dev']), rolloutCancelled.of({ ...about, notStarted: [] })],
    fail('dev'),
    [failed('dev')],
  ],
  [
    'stays cancelled when the outcome of what still runs is unknown',
    [...begun(one, ['dev']), rolloutCancelled.of({ ...about, notStarted: [] })],
    loseSight('dev'),
    [unknown('dev')],
  ],
  [
    'takes back what it has reached when it was cancelled, and begins nothing else',
    [...begun(twoWaves, ['dev']), rolloutCancelled.of({ ...about, notStarted: ['eu', 'us'] }), reached('dev')],
    rollBack(),
    [triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse')],
  ],
  [
    'gives up what failed after it was cancelled',
    [...begun(one, ['dev']), rolloutCancelled.of({ ...about, notStarted: [] }), failed('dev')],
    { kind: 'abandon', environment: 'dev', why: 'mended', now },
    [targetAbandoned.of({ ...about, environment: 'dev', why: 'mended' })],
  ],
];

const baking = [
  ...begun([{ environments: ['dev'], bakeSeconds: 60 }, { environments: ['eu'] }], ['dev']),
  reached('dev'),
  waveBaking.of({ ...about, wave: 0, until: '2026-01-01T00:01:00.000Z' }),
];
const timing: readonly Case[] = [
  ['waits until the bake time is over', baking, { kind: 'tick', now: '2026-01-01T00:00:59.999Z' }, []],
  [
    'starts the next wave when the bake time is over',
    baking,
    { kind: 'tick', now: '2026-01-01T00:01:00.000Z' },
    [passed(0), started(1), dispatched('eu', 1, 1)],
  ],
  ['does not wake when nothing bakes', begun(one, ['dev']), { kind: 'tick', now: '2030-01-01T00:00:00.000Z' }, []],
  ['sleeps while paused', [...baking, paused], { kind: 'tick', now: '2030-01-01T00:00:00.000Z' }, []],
  [
    'bakes anew after a pause',
    [...baking, paused],
    { kind: 'resume', now: '2026-01-02T00:00:00.000Z' },
    [resumed, waveBaking.of({ ...about, wave: 0, until: '2026-01-02T00:01:00.000Z' })],
  ],
];

const goingBack: readonly Case[] = [
  [
    'takes back what succeeded when a person asks for it',
    [...begun(one, ['dev']), reached('dev'), passed(0), completed('dev')],
    rollBack(),
    [triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse')],
  ],
  [
    'takes back only the environments that were named',
    [...begun(pair, ['eu', 'us']), reached('eu'), reached('us'), passed(0), completed('eu', 'us')],
    rollBack('us'),
    [triggered('asked', 'us'), dispatched('us', 2, 0, 'reverse')],
  ],
  [
    'waits for what runs forward before it goes back',
    [...begun(pair, ['eu', 'us']), reached('eu')],
    rollBack(),
    [triggered('asked', 'eu', 'us')],
  ],
  [
    'goes back when the last forward run has ended, even by failing',
    [...begun(pair, ['eu', 'us']), reached('eu'), triggered('asked', 'eu', 'us')],
    fail('us'),
    [failed('us'), dispatched('eu', 2, 0, 'reverse'), dispatched('us', 2, 0, 'reverse')],
  ],
  [
    'goes back in each wave with no more at a time than went forward',
    [...begun([{ environments: ['a', 'b'], parallel: 1 }], ['a']), reached('a'), dispatched('b'), reached('b')],
    rollBack(),
    [triggered('asked', 'a', 'b'), dispatched('a', 2, 0, 'reverse')],
  ],
  [
    'is rolled back when all of it went back',
    [...begun(one, ['dev']), failed('dev'), triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse')],
    succeed('dev', 2, 'reverse'),
    [back('dev'), rolledBack('dev')],
  ],
  [
    'halts when going back fails',
    [...begun(one, ['dev']), reached('dev'), triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse')],
    fail('dev', 2, 'reverse'),
    [failed('dev', 2, 'reverse'), halted('dev: a null')],
  ],
  [
    'goes on backward, never forward, when a halted rollback is resumed',
    [...stoppedRollback, back('us')],
    resume,
    [resumed, dispatched('eu', 3, 0, 'reverse')],
  ],
  [
    'retries backward what failed to go back',
    stoppedRollback,
    { kind: 'retry', environment: 'eu', now },
    [resumed, dispatched('eu', 3, 0, 'reverse')],
  ],
  [
    'takes a halted rollback up again with all that is left of it',
    [...stoppedRollback, failed('us', 2, 'reverse')],
    rollBack('us'),
    [triggered('asked', 'eu', 'us'), dispatched('eu', 3, 0, 'reverse'), dispatched('us', 3, 0, 'reverse')],
  ],
  [
    'counts an environment as taken back when a person saw that it was',
    [...stoppedRollback, back('us')],
    { kind: 'resolve', environment: 'eu', as: 'applied', evidence: 'seen', now },
    [
      targetResolved.of({
        ...about,
        environment: 'eu',
        attempt: 2,
        direction: 'reverse',
        resolution: 'applied',
        evidence: 'seen',
      }),
    ],
  ],
  [
    'ends the rollback without an abandoned environment',
    [...stoppedRollback, back('us'), targetAbandoned.of({ ...about, environment: 'eu', why: 'gone' })],
    resume,
    [resumed, rolledBack('eu', 'us')],
  ],
];

describe('a rollout', () => {
  it.each([...forward, ...failing, ...losing, ...steering, ...timing, ...goingBack])(
    '%s',
    (_, events, command, expected) => {
      given(rollout, events).when(command).then(expected);
    },
  );
});

it.each([succeed('dev'), fail('dev'), loseSight('dev')])(
  'hears nothing in a report before it has started: %j',
  (command) => {
    given(rollout, []).when(command).thenNothing();
  },
);

const over = [...begun(one, ['dev']), reached('dev'), passed(0), completed('dev')];
const cancelled = [...begun(one, ['dev']), rolloutCancelled.of({ ...about, notStarted: [] })];
const refusals: readonly [string, readonly RolloutEvent[], RolloutCommand][] = [
  ['anything before it has started', [], { kind: 'pause' }],
  ['to pause when it is over', over, { kind: 'pause' }],
  ['to pause when it is paused', [...begun(one, ['dev']), paused], { kind: 'pause' }],
  ['to resume while it runs', begun(one, ['dev']), resume],
  ['to resume over an unknown outcome', [...begun(one, ['dev']), unknown('dev'), halted('x')], resume],
  ['to resume when it was cancelled', cancelled, resume],
  ['to cancel when it is over', over, { kind: 'cancel' }],
  ['to cancel while it rolls back', stoppedRollback.slice(0, -2), { kind: 'cancel' }],
  ['to roll back while it rolls back', stoppedRollback.slice(0, -2), rollBack()],
  [
    'to roll back when it was cancelled before anything began',
    [rolloutStarted.of(startedWith(one)), rolloutCancelled.of({ ...about, notStarted: ['dev'] })],
    rollBack(),
  ],
  ['to roll back a stranger', over, rollBack('mars')],
  ['to roll back a name that every object has', over, rollBack('constructor')],
  ['to roll back what has not started', begun(twoWaves, ['dev']), rollBack('eu')],
  [
    'to roll back when all went back already',
    [...over, triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse'), back('dev'), rolledBack('dev')],
    rollBack(),
  ],
  ['to retry what runs', begun(one, ['dev']), { kind: 'retry', environment: 'dev', now }],
  ['to retry what succeeded', [...failedOfPair, reached('us')], { kind: 'retry', environment: 'us', now }],
  ['to retry when it was cancelled', [...cancelled, failed('dev')], { kind: 'retry', environment: 'dev', now }],
  [
    'to retry when the wave is full',
    [
      ...begun([{ environments: ['a', 'b'], parallel: 1 }], ['a']),
      failed('a'),
      halted('a: a null'),
      resumed,
      dispatched('b'),
    ],
    { kind: 'retry', environment: 'a', now },
  ],
  [
    'to retry forward beside a rollback',
    [...begun(pair, ['eu', 'us']), reached('eu'), triggered('asked', 'eu'), failed('us')],
    { kind: 'retry', environment: 'us', now },
  ],
  [
    'to resolve what is known',
    begun(one, ['dev']),
    { kind: 'resolve', environment: 'dev', as: 'applied', evidence: 'x', now },
  ],
  ['to abandon what runs', begun(one, ['dev']), { kind: 'abandon', environment: 'dev', why: 'x', now }],
  ['to abandon a stranger', begun(one, ['dev']), { kind: 'abandon', environment: 'mars', why: 'x', now }],
  [
    'to abandon what has not started when it was cancelled',
    [...begun(twoWaves, ['dev']), rolloutCancelled.of({ ...about, notStarted: [] })],
    { kind: 'abandon', environment: 'eu', why: 'x', now },
  ],
];

describe('a rollout refuses', () => {
  it.each(refusals)('%s', (_, events, command) => {
    given(rollout, events).when(command).thenThrows('DSEM-4003');
  });
});

describe('a target that a person resolved', () => {
  const lost = [...begun(one, ['dev']), unknown('dev'), halted('dev: the outcome is unknown')];
  const said = (resolution: 'applied' | 'not-applied') =>
    targetResolved.of({
      ...about,
      environment: 'dev',
      attempt: 1,
      direction: 'forward',
      resolution,
      evidence: 'seen',
    });
  const applied = { kind: 'resolve', environment: 'dev', as: 'applied', evidence: 'seen', now } as const;
  const revision = { environment: 'dev', subject: 'shop', digest: digestOf('d'), migration: 'm2', rollout: 'm2' };
  const newer = new Map([['dev', [revision]]]);

  it.each([
    ['applied', 'succeeded'],
    ['not-applied', 'failed'],
  ] as const)('as %s is told to be that, and why, until its next attempt', (resolution, status) => {
    const { state } = given(rollout, [...lost, said(resolution)]);
    expect(state).toMatchObject({ status: 'halted', cause: `dev was resolved as ${resolution}: seen` });
    expect(state.targets['dev']).toMatchObject({ status, resolved: resolution });
    const again = given(rollout, [...lost, said(resolution), resumed, dispatched('dev', 2)]).state;
    expect(again.cause).toBeUndefined();
    expect(again.targets['dev']?.resolved).toBeUndefined();
  });

  it('is not applied where something newer has changed the database since', () => {
    given(rollout, lost)
      .when({ ...applied, above: newer })
      .thenThrows('DSEM-4003');
    given(rollout, lost)
      .when({ ...applied, as: 'not-applied', above: newer })
      .then([said('not-applied')]);
  });
});

describe('a rollback that loses data', () => {
  it.each<[string, readonly RolloutEvent[], RolloutCommand]>([
    ['of all', doneOfPair, rollBack()],
    ['of one', doneOfPair, rollBack('us')],
    ['of a rollout that began before losses were worked out', [...withoutLosses, reached('eu')], rollBack()],
  ])('is refused while nobody accepts it: %s', (_, events, command) => {
    given(rollout, events).when(command).thenThrows('DSEM-4016');
  });

  it('needs nobody where what failed had not begun what would be lost', () => {
    const events = [...begun(one, ['dev'], 'halt', lossy), failedAt('dev', 1), halted('dev: a null')];
    given(rollout, events)
      .when(rollBack())
      .then([triggered('asked', 'dev'), dispatched('dev', 2, 0, 'reverse')]);
  });
});

describe('the state of a rollout', () => {
  it('is nothing before it starts', () => {
    expect(given(rollout, []).state.status).toBe('none');
  });

  it('is not changed by an event about an environment that it does not have', () => {
    const { state } = given(rollout, begun(one, ['dev']));
    expect(rollout.evolve(state, reached('mars'))).toEqual(state);
  });

  it('holds each target in its wave, waiting', () => {
    const { state } = given(rollout, [rolloutStarted.of(startedWith(twoWaves))]);
    const targets = Object.values(state.targets).map(({ target, wave, status }) => [target.environment, wave, status]);
    expect(targets).toEqual([
      ['dev', 0, 'waiting'],
      ['eu', 1, 'waiting'],
      ['us', 1, 'waiting'],
    ]);
  });
});
