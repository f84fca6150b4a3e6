import {
  agentAttached,
  breakerClosed,
  breakerOpened,
  environmentAdded,
  environmentRetired,
  policyChanged,
  revisionRecorded,
  syncRequested,
  type EnvironmentEvent,
  type EnvironmentType,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { digestOf } from '../testing/rollout-sample.js';
import { defaultPolicy, environment, type EnvironmentCommand } from './environment.js';

const policy = defaultPolicy('production');
const eu = { environment: 'eu' };
const added = environmentAdded.of({ ...eu, type: 'production', engine: 'postgresql', policy });
const retired = environmentRetired.of(eu);
const forced = environmentRetired.of({ ...eu, reason: 'x', forced: true });
const revision = (letter: string) => ({
  ...eu,
  subject: 'shop',
  version: '1.0.0',
  digest: digestOf(letter),
  migration: 'm1',
  rollout: 'm1',
});
const recorded = (letter: string) => revisionRecorded.of(revision(letter));
const attached = (agent: string, serverVersion?: string) =>
  agentAttached.of({ ...eu, agent, ...(serverVersion === undefined ? {} : { serverVersion }) });
const attach = (agent: string, serverVersion?: string): EnvironmentCommand => ({
  kind: 'attach-agent',
  agent,
  serverVersion,
});
const record = (letter: string): EnvironmentCommand => ({ kind: 'record-revision', revision: revision(letter) });
const opened = breakerOpened.of({ ...eu, values: { failures: 3 } });
const open: EnvironmentCommand = { kind: 'open-breaker', values: { failures: 3 } };
const close: EnvironmentCommand = { kind: 'close-breaker', reason: 'fixed' };
const relaxed = { ...policy, approvals: 0 };
const sync: EnvironmentCommand = { kind: 'request-sync', subject: 'shop', version: '1.0.0', migration: 'm1' };

type Case = readonly [string, readonly EnvironmentEvent[], EnvironmentCommand, readonly EnvironmentEvent[]];
const cases: readonly Case[] = [
  ['is added', [], { kind: 'add', environment: added.data }, [added]],
  ['may be added again after it was retired', [added, retired], { kind: 'add', environment: added.data }, [added]],
  [
    'changes its policy, with a reason',
    [added],
    { kind: 'change-policy', policy: relaxed, reason: 'test' },
    [policyChanged.of({ ...eu, policy: relaxed, reason: 'test' })],
  ],
  ['does not change to the policy that it has', [added], { kind: 'change-policy', policy: { ...policy } }, []],
  ['is attached to an agent', [added], attach('a1', '18.1'), [attached('a1', '18.1')]],
  ['is attached once', [added, attached('a1', '18.1')], attach('a1', '18.1'), []],
  ['is attached to another agent', [added, attached('a1')], attach('a2'), [attached('a2')]],
  ['hears of a new server version', [added, attached('a1', '17.2')], attach('a1', '18.1'), [attached('a1', '18.1')]],
  ['records what its database holds', [added], record('a'), [recorded('a')]],
  ['records the same proof once', [added, recorded('a')], record('a'), []],
  ['records a way back as a new fact', [added, recorded('a'), recorded('b')], record('a'), [recorded('a')]],
  ['records what ended after it was retired', [added, retired], record('a'), [recorded('a')]],
  [
    'asks for a version',
    [added],
    sync,
    [syncRequested.of({ ...eu, subject: 'shop', version: '1.0.0', migration: 'm1' })],
  ],
  ['opens its breaker with the values that led to it', [added], open, [opened]],
  ['opens its breaker once', [added, opened], open, []],
  ['does not open a breaker after it was retired', [added, retired], open, []],
  ['closes its breaker with a reason', [added, opened], close, [breakerClosed.of({ ...eu, reason: 'fixed' })]],
  ['does not close a closed breaker', [added], close, []],
  ['is retired', [added], { kind: 'retire' }, [retired]],
  [
    'is retired with a reason',
    [added],
    { kind: 'retire', reason: 'x' },
    [environmentRetired.of({ ...eu, reason: 'x' })],
  ],
  [
    'is retired by force although something needs it, which is told',
    [added],
    { kind: 'retire', neededBy: ['it holds shop 1.0.0'], force: true, reason: 'x' },
    [forced],
  ],
  ['is retired as ever where nothing had to be forced', [added], { kind: 'retire', force: true }, [retired]],
];

describe('an environment', () => {
  it.each(cases)('%s', (_, events, command, expected) => {
    given(environment, events).when(command).then(expected);
  });

  const commands: readonly (readonly [string, EnvironmentCommand])[] = [
    ['a policy', { kind: 'change-policy', policy }],
    ['an agent', attach('a1')],
    ['a version', sync],
    ['a closed breaker', close],
    ['to be retired', { kind: 'retire' }],
  ];
  it.each(commands)('refuses %s before it exists', (_, command) => {
    given(environment, []).when(command).thenThrows('DSEM-4001');
  });
  it.each(commands)('refuses %s after it was retired', (_, command) => {
    given(environment, [added, retired]).when(command).thenThrows('DSEM-4001');
  });
  it.each([
    ['a revision', record('a')],
    ['an open breaker', open],
  ] as const)('refuses %s before it exists', (_, command) => {
    given(environment, []).when(command).thenThrows('DSEM-4001');
  });

  it('refuses to be added twice', () => {
    given(environment, [added]).when({ kind: 'add', environment: added.data }).thenThrows('DSEM-4002');
  });

  it('refuses to be retired while something needs it, and names that', () => {
    const needed: EnvironmentCommand = { kind: 'retire', neededBy: ['it holds shop 1.0.0', 'migration m2 is halted'] };
    given(environment, [added]).when(needed).thenThrows('DSEM-4008');
    expect(() => environment.decide(needed, given(environment, [added]).state)).toThrow(
      'eu cannot be retired: it holds shop 1.0.0; migration m2 is halted',
    );
  });

  it('refuses to come back on another engine with what it holds', () => {
    const other = { ...added.data, engine: 'mysql' as const };
    given(environment, [added, forced]).when({ kind: 'add', environment: other }).thenThrows('DSEM-4002');
  });

  it.each([
    ['forced out', [added, recorded('a'), forced]],
    ['proved after it was retired', [added, retired, recorded('a')]],
    ['forced out twice', [added, recorded('a'), forced, added, forced]],
  ])('comes back with what was %s', (_, events) => {
    const { state } = given(environment, [...events, added]);
    expect(state).toMatchObject({ retired: false, standing: [{ rollout: 'm1' }] });
    expect(state.keeps).toBeUndefined();
    expect(Object.values(state.revisions).map(({ digest }) => digest)).toEqual([digestOf('a')]);
  });

  it('begins anew when it is added again', () => {
    const { state } = given(environment, [added, attached('a1'), recorded('a'), opened, retired, added]);
    expect(state).toMatchObject({ retired: false, breakerOpen: false, revisions: {} });
    expect(state.agent).toBeUndefined();
  });

  it('holds the newest revision of each subject', () => {
    const crm = revisionRecorded.of({ ...revision('c'), subject: 'crm' });
    const { state } = given(environment, [added, recorded('a'), crm, recorded('b')]);
    expect(Object.values(state.revisions).map(({ subject, digest }) => [subject, digest])).toEqual([
      ['shop', digestOf('b')],
      ['crm', digestOf('c')],
    ]);
  });
});

describe('what stands in an environment', () => {
  const of = (rollout: string, direction?: 'forward' | 'reverse') =>
    revisionRecorded.of({ ...revision(rollout), migration: rollout, rollout, ...(direction && { direction }) });

  it.each<[string, readonly EnvironmentEvent[], readonly string[]]>([
    ['is what came, oldest first', [of('a', 'forward'), of('b', 'forward')], ['a', 'b']],
    ['is not what was taken back', [of('a', 'forward'), of('b', 'forward'), of('b', 'reverse')], ['a']],
    ['is nothing when all was', [of('a', 'forward'), of('a', 'reverse')], []],
    ['is not what was taken back before it came to its end', [of('a', 'forward'), of('b', 'reverse')], ['a']],
    ['is read from what was told without a direction too', [of('a'), of('b'), of('b')], ['a']],
    ['is nothing after it was added anew', [of('a', 'forward'), retired, added], []],
  ])('%s', (_, events, standing) => {
    const { state } = given(environment, [added, ...events]);
    expect(state.standing.map(({ rollout }) => rollout)).toEqual(standing);
  });
});

describe('the policy of an environment', () => {
  it.each<[EnvironmentType, object]>([
    ['development', { validation: 'relaxed', approvals: 0, allowDestructive: true }],
    ['staging', { validation: 'strict', approvals: 0, allowDestructive: true }],
    ['production', { validation: 'strict', approvals: 1, authorMayApprove: false, allowDestructive: false }],
    ['disaster-recovery', { validation: 'strict', approvals: 1, authorMayApprove: false, allowDestructive: false }],
  ])('of type %s asks for what its users need', (type, expected) => {
    expect(defaultPolicy(type)).toMatchObject(expected);
  });
});
