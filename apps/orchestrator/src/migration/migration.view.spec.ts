import { migrationProgressSchema, migrationSchema } from '@dsem/api';
import {
  environmentAdded,
  migrationDrafted,
  migrationPlanned,
  planRejected,
  rollbackTriggered,
  rolloutHalted,
  rolloutPaused,
  rolloutRolledBack,
  targetAbandoned,
  targetFailed,
  targetResolved,
  targetRolledBack,
  targetSucceeded,
  targetUnknown,
  waveBaking,
  type EnvironmentType,
  type MigrationEvent,
  type RolloutEvent,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { about, begun, digestOf, dispatched, now } from '../testing/rollout-sample.js';
import { defaultPolicy, environment } from '../environment/environment.js';
import { rollout } from '../rollout/rollout.js';
import { migration } from './migration.js';
import { migrationOf, progressOf, statusOf, type MigrationView, type StepProgress } from './migration.view.js';

const drafted = migrationDrafted.of({
  migration: 'm1',
  subject: 'shop',
  engine: 'postgresql',
  version: '1.1.0',
  digest: digestOf('c'),
  environments: ['dev', 'eu'],
  style: 'online',
});
const planned = migrationPlanned.of({
  migration: 'm1',
  subject: 'shop',
  version: '1.1.0',
  plans: [],
  approvalsNeeded: 1,
  authorMayApprove: false,
  approverRoles: ['approver'],
});
const finding = {
  rule: 'drop-column',
  severity: 'error',
  hazard: 'data-loss',
  object: 'public.users.email',
  message: 'the column goes',
  why: 'readers',
  fix: 'wait',
} as const;
const refused = planRejected.of({
  migration: 'm1',
  subject: 'shop',
  version: '1.1.0',
  code: 'DSEM-4012',
  why: 'data would be lost',
  findings: [finding],
});

const view = (events: readonly MigrationEvent[], rolled?: readonly RolloutEvent[]): MigrationView => ({
  state: given(migration, events).state,
  rollout: rolled === undefined ? undefined : given(rollout, rolled).state,
  author: 'key:a',
  created: now,
});
const policy = defaultPolicy('development');
const environments = (...named: readonly (readonly [string, EnvironmentType])[]) =>
  new Map(
    named.map(([name, type]) => {
      const added = environmentAdded.of({ environment: name, type, engine: 'postgresql', policy });
      return [name, given(environment, [added]).state] as const;
    }),
  );
const waves = [{ environments: ['dev'] }, { environments: ['eu'] }];
const out = begun(waves, ['dev']);
const attempt = { ...about, environment: 'dev', attempt: 1, direction: 'forward' } as const;
const halted = rolloutHalted.of({ ...about, cause: 'dev: a null' });

describe('the state of a migration that a person sees', () => {
  it.each<[string, MigrationView]>([
    ['draft', view([])],
    ['draft', view([drafted])],
    ['awaiting-approval', view([drafted, planned])],
    ['awaiting-approval', view([drafted, planned], [])],
    ['refused', view([drafted, refused])],
    ['running', view([drafted, planned], out)],
    ['running', view([drafted, planned], [...out, waveBaking.of({ ...about, wave: 0, until: now })])],
    ['paused', view([drafted, planned], [...out, rolloutPaused.of(about)])],
    [
      'halted',
      view([drafted, planned], [...out, targetFailed.of({ ...attempt, code: 'DATA', cause: 'a null' }), halted]),
    ],
    [
      'needs-decision',
      view([drafted, planned], [...out, targetUnknown.of({ ...attempt, cause: 'no answer' }), halted]),
    ],
  ])('is %s', (status, { state, rollout: rolled }) => {
    expect(statusOf(state, rolled)).toBe(status);
  });
});

describe('a migration over REST', () => {
  it('has the shape that is promised', () => {
    const resource = migrationOf(view([drafted, planned], out));
    expect(migrationSchema.parse(resource)).toEqual(resource);
    expect(resource).toMatchObject({ id: 'm1', author: 'key:a', created: now, approvals: { needed: 1, given: [] } });
  });

  it('tells why it was refused, in detail', () => {
    const resource = migrationOf(view([drafted, refused]));
    expect(migrationSchema.parse(resource)).toEqual(resource);
    expect(resource.refusal).toEqual({ code: 'DSEM-4012', why: 'data would be lost', findings: [finding] });
  });

  it('does not exist before its draft', () => {
    expect(() => migrationOf(view([]))).toThrow('without a draft');
  });
});

describe('the progress of a migration', () => {
  const step = (more: Partial<StepProgress> = {}): StepProgress => ({
    environment: 'dev',
    attempt: 1,
    index: 2,
    of: 5,
    object: 'public.users',
    state: 'applying',
    problem: null,
    ...more,
  });

  it('shows every environment as waiting in the wave in which it will go out', () => {
    const asked = migrationDrafted.of({ ...drafted.data, environments: ['eu', 'dev', 'us'] });
    const known = environments(['eu', 'production'], ['dev', 'development'], ['us', 'production']);
    const progress = progressOf(view([asked, planned]), [], known);
    expect(migrationProgressSchema.parse(progress)).toEqual(progress);
    expect(progress.targets.map(({ environment, wave, status }) => [environment, wave, status])).toEqual([
      ['dev', 0, 'waiting'],
      ['eu', 1, 'waiting'],
      ['us', 1, 'waiting'],
    ]);
    expect(progress.allowed).toContain('approve');
  });

  it('offers no rollback of what a newer migration stands above, and tells which', () => {
    const reached = targetSucceeded.of({ ...attempt, digest: digestOf('c') });
    const told = view([drafted, planned], [...begun([{ environments: ['dev'] }], ['dev']), reached]);
    expect(progressOf(told, [], environments(['dev', 'development'])).allowed).toContain('rollback');
    const above = new Map([['dev', [{ migration: 'm2', subject: 'shop', version: '2.0.0' }]]]);
    const progress = progressOf(told, [], environments(['dev', 'development']), above);
    expect(migrationProgressSchema.parse(progress)).toEqual(progress);
    expect(progress.allowed).not.toContain('rollback');
    expect(progress.targets[0]?.above).toEqual([{ migration: 'm2', schema: 'shop', version: '2.0.0' }]);
  });

  it('shows how far each environment is, first waves first', () => {
    const progress = progressOf(view([drafted, planned], out), [step()]);
    expect(migrationProgressSchema.parse(progress)).toEqual(progress);
    expect(progress.targets[0]).toEqual({
      environment: 'dev',
      wave: 0,
      status: 'running',
      direction: 'forward',
      attempt: 1,
      step: { index: 2, of: 5, object: 'public.users', state: 'applying' },
    });
    expect(progress.targets.map((target) => target.wave)).toEqual([0, 1]);
  });

  it.each<[string, Partial<StepProgress>]>([
    ['of an earlier attempt', { attempt: 2 }],
    ['of another environment', { environment: 'eu' }],
    ['without a step', { of: 0 }],
  ])('leaves out what was told %s', (_, more) => {
    expect(progressOf(view([drafted, planned], out), [step(more)]).targets[0]).not.toHaveProperty('step');
  });

  it('names the problem of an environment and the cause of a halt', () => {
    const progress = progressOf(view([drafted, planned], [...out, halted]), [step({ of: 0, problem: 'a null' })]);
    expect(progress).toMatchObject({ cause: 'dev: a null', status: 'halted' });
    expect(progress.targets[0]).toMatchObject({ problem: 'a null' });
  });

  it('tells no problem that a person has settled, and offers what is left to be done', () => {
    const single = begun([{ environments: ['dev'] }], ['dev']);
    const lost = [...single, targetUnknown.of({ ...attempt, cause: 'no answer' }), halted];
    const told = [step({ problem: 'no answer' })];
    expect(progressOf(view([drafted, planned], lost), told).allowed).toContain('resolve');
    const evidence = { ...attempt, evidence: 'seen' };
    const applied = [...lost, targetResolved.of({ ...evidence, resolution: 'applied' })];
    const after = progressOf(view([drafted, planned], applied), told);
    expect(after.targets[0]).not.toHaveProperty('problem');
    expect([after.status, after.allowed]).toEqual(['halted', ['resume', 'rollback', 'cancel']]);
    const not = [...lost, targetResolved.of({ ...evidence, resolution: 'not-applied' })];
    expect(progressOf(view([drafted, planned], not), told).allowed).toEqual([
      'retry',
      'resume',
      'rollback',
      'abandon',
      'cancel',
    ]);
  });

  const inEu = { ...attempt, environment: 'eu' };
  const takenBack = [
    rollbackTriggered.of({ ...about, why: 'slow', environments: ['dev'] }),
    targetRolledBack.of({ ...about, environment: 'dev', attempt: 2, digest: digestOf('b') }),
    rolloutRolledBack.of({ ...about, environments: ['dev'] }),
  ];

  it.each<[string, readonly RolloutEvent[], readonly string[]]>([
    ['nothing once all was taken back', [], []],
    ['another one where the version stayed', [targetSucceeded.of({ ...inEu, digest: digestOf('c') })], ['rollback']],
    ['another one where it failed', [targetFailed.of({ ...inEu, code: 'DATA', cause: 'a null' })], ['rollback']],
    ['another one where nobody knows', [targetUnknown.of({ ...inEu, cause: 'no answer' })], ['rollback']],
    ['nothing where it was given up', [targetAbandoned.of({ ...about, environment: 'eu', why: 'gone' })], []],
  ])('offers after a rollback %s', (_, ended, allowed) => {
    const went = ended.length === 0 ? [] : [dispatched('eu', 1, 1), ...ended];
    const progress = progressOf(view([drafted, planned], [...out, ...went, ...takenBack]), []);
    expect([progress.status, progress.allowed]).toEqual(['rolled-back', allowed]);
  });

  it('tells what a rollback would destroy while one may be asked for, and leaves the decision to a person', () => {
    const losses = [{ step: 0, object: 'public.u', rule: 'drop-table' }];
    const begunLossy = begun(waves, ['dev'], 'roll-back', losses);
    const lost = [{ environments: ['dev'], objects: [{ object: 'public.u', rule: 'drop-table' }] }];
    expect(progressOf(view([drafted, planned], begunLossy), []).losses).toEqual(lost);
    const command = { kind: 'fail', code: 'DATA', cause: 'a null', now, ...attempt } as const;
    const events = rollout.decide(command, given(rollout, begunLossy).state);
    const progress = progressOf(view([drafted, planned], [...begunLossy, ...events]), []);
    expect(migrationProgressSchema.parse(progress)).toEqual(progress);
    expect(progress).toMatchObject({ status: 'needs-decision', losses: lost });
    expect(progress.allowed).toEqual(['retry', 'resume', 'rollback', 'abandon', 'cancel']);
    expect(progressOf(view([drafted, planned]), [])).not.toHaveProperty('losses');
  });

  it('names why the plan was refused', () => {
    expect(progressOf(view([drafted, refused]), [])).toMatchObject({ cause: 'data would be lost', allowed: [] });
  });
});
