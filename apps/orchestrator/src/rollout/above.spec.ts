import {
  environmentAdded,
  revisionRecorded,
  rolloutStarted,
  targetAbandoned,
  targetFailed,
  targetSucceeded,
  targetUnknown,
  type EnvironmentEvent,
  type RolloutEvent,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { digest, emptySchema } from '@dsem/schema';
import { defaultPolicy, environment } from '../environment/environment.js';
import { about, begun, digestOf, startedWith } from '../testing/rollout-sample.js';
import { aboveTold, standingAbove, type Sent } from './above.js';
import { rollout } from './rollout.js';

const policy = defaultPolicy('production');
const eu = { environment: 'eu' };
const added = environmentAdded.of({ ...eu, type: 'production', engine: 'postgresql', policy });

type Direction = 'forward' | 'reverse';
const came = (id: string, letter: string, direction: Direction = 'forward', subject = 'shop'): EnvironmentEvent =>
  revisionRecorded.of({ ...eu, subject, version: id, digest: digestOf(letter), migration: id, rollout: id, direction });
const emptied = (id: string): EnvironmentEvent =>
  revisionRecorded.of({
    ...eu,
    subject: 'shop',
    digest: digest(emptySchema('postgresql')),
    migration: id,
    rollout: id,
    direction: 'reverse',
  });

const attempt = { ...about, ...eu, attempt: 1, direction: 'forward' } as const;
const went = begun([{ environments: ['eu', 'us'] }], ['eu', 'us']);
const done = [...went, targetSucceeded.of({ ...attempt, digest: digestOf('c') })];
const failed = [...went, targetFailed.of({ ...attempt, code: 'DATA', cause: 'a null' })];

const sentAt = (events: readonly RolloutEvent[], position: bigint): Sent => ({
  rollout: given(rollout, [...events]).state,
  sent: () => position,
});

const above = (
  events: readonly EnvironmentEvent[],
  told: readonly RolloutEvent[] = done,
  others: readonly Sent[] = [],
) => {
  const { state } = given(environment, [added, ...events]);
  return standingAbove(sentAt(told, 10n), new Map([['eu', state]]), others);
};
const idsAbove = (...args: Parameters<typeof above>) =>
  above(...args)
    .get('eu')
    ?.map(({ migration }) => migration);

describe('what stands above a rollout', () => {
  it.each<[string, readonly EnvironmentEvent[], readonly string[] | undefined]>([
    ['is nothing while it came last', [came('m0', 'b'), came('r1', 'c')], undefined],
    ['is what came later, newest first', [came('r1', 'c'), came('m2', 'd'), came('m3', 'e')], ['m3', 'm2']],
    [
      'is nothing again when that was taken back',
      [came('r1', 'c'), came('m2', 'd'), came('m2', 'c', 'reverse')],
      undefined,
    ],
    ['is what leads to the same state too', [came('r1', 'c'), came('m2', 'c')], ['m2']],
    ['is what remains', [came('r1', 'c'), came('m2', 'd'), came('m3', 'e'), came('m3', 'd', 'reverse')], ['m2']],
    [
      'is another subject, where the database was emptied',
      [came('r1', 'c'), emptied('r1'), came('m2', 'd', 'forward', 'crm')],
      ['m2'],
    ],
  ])('%s', (_, events, expected) => {
    expect(idsAbove(events)).toEqual(expected);
  });

  it.each<[string, readonly EnvironmentEvent[], readonly string[] | undefined]>([
    ['nothing while the database is where it began', [came('m0', 'b')], undefined],
    ['what moved the database since', [came('m0', 'b'), came('m2', 'd')], ['m2']],
    ['nothing when that was taken back', [came('m0', 'b'), came('m2', 'd'), came('m2', 'b', 'reverse')], undefined],
  ])('is, where it failed, %s', (_, events, expected) => {
    expect(idsAbove(events, failed)).toEqual(expected);
  });

  it('is nothing where it never went, and where nobody knows the environment any more', () => {
    const never = begun([{ environments: ['us'] }, { environments: ['eu'] }], ['us']);
    expect(idsAbove([came('m0', 'b'), came('m2', 'd')], never)).toBeUndefined();
    expect(standingAbove(sentAt(done, 10n), new Map(), []).size).toBe(0);
  });

  it('is told in the order in which it has to be taken back', () => {
    expect(aboveTold(above([came('r1', 'c'), came('m2', 'd'), came('m3', 'e')]))).toBe(
      'eu was changed since by migration m3 to shop m3, and before that by migration m2 to shop m2',
    );
  });
});

/** Another rollout that was sent to eu, from what the first led to, and has reported that. */
const other = (id: string, ...reports: readonly RolloutEvent[]): readonly RolloutEvent[] => {
  const { waves, ...facts } = startedWith([{ environments: ['eu'] }]);
  const from = { from: digestOf('c'), to: digestOf('d') };
  const [, wave, sent] = begun([{ environments: ['eu'] }], ['eu']);
  const moved = waves.map((each) => ({ ...each, targets: each.targets.map((target) => ({ ...target, ...from })) }));
  const start = rolloutStarted.of({ ...facts, waves: moved, rollout: id, migration: id });
  return [start, ...[wave, sent].flatMap((event) => event ?? []), ...reports];
};
const failedAt = (steps?: number) =>
  targetFailed.of({ ...attempt, code: 'DATA', cause: 'a null', ...(steps === undefined ? {} : { begun: steps }) });

describe('what has begun and not come to its end', () => {
  it.each<[string, readonly RolloutEvent[], bigint, readonly string[] | undefined]>([
    ['stands above while it runs', other('m2'), 20n, ['m2']],
    ['stands above after it failed half way', other('m2', failedAt(2)), 20n, ['m2']],
    ['stands above after it failed and nobody knows where', other('m2', failedAt()), 20n, ['m2']],
    [
      'stands above while its outcome is unknown',
      other('m2', targetUnknown.of({ ...attempt, cause: 'silent' })),
      20n,
      ['m2'],
    ],
    ['does not when it failed before its first step', other('m2', failedAt(0)), 20n, undefined],
    [
      'does not when it was given up',
      other('m2', failedAt(2), targetAbandoned.of({ ...about, ...eu, why: 'mended' })),
      20n,
      undefined,
    ],
    ['does not when it was sent before', other('m2', failedAt(2)), 5n, undefined],
  ])('%s', (_, events, position, expected) => {
    const told = above([came('r1', 'c')], done, [sentAt(events, position)]);
    expect(told.get('eu')?.map(({ migration }) => migration)).toEqual(expected);
  });

  it('comes before what came to its end, newest first, and is told as what it is', () => {
    const others = [sentAt(other('m3', failedAt(1)), 30n), sentAt(other('m4', failedAt(1)), 40n)];
    expect(aboveTold(above([came('r1', 'c'), came('m2', 'c')], done, others))).toBe(
      [
        'eu was changed since by migration m4 which has begun there and not come to its end',
        'migration m3 which has begun there and not come to its end',
        'migration m2 to shop m2',
      ].join(', and before that by '),
    );
  });

  it('waits for what stands above it in turn', () => {
    const between = above([came('r1', 'c'), came('m2', 'd')], done, [sentAt(other('m3', failedAt(1)), 20n)]);
    expect(between.get('eu')?.map(({ migration }) => migration)).toEqual(['m2']);
  });
});

describe('a rollback under something newer', () => {
  const newer = above([came('r1', 'c'), came('m2', 'd')]);
  const back = { kind: 'roll-back', why: 'asked', acceptDataLoss: true, now: '2026-01-01T00:00:00.000Z' } as const;

  it('is refused, whole', () => {
    given(rollout, done)
      .when({ ...back, above: newer })
      .thenThrows('DSEM-4018');
    given(rollout, done)
      .when({ ...back, environments: ['eu'], above: newer })
      .thenThrows('DSEM-4018');
  });

  it('is done in environments where nothing stands above it', () => {
    const { state } = given(rollout, done);
    const events = rollout.decide({ ...back, environments: ['us'], above: newer }, state);
    expect(events[0]).toMatchObject({ type: 'RollbackTriggered', data: { environments: ['us'] } });
  });
});
