import {
  approvalGiven,
  approvalVoided,
  migrationApproved,
  migrationCancelled,
  migrationDrafted,
  migrationPlanned,
  migrationRejected,
  planRejected,
  rolloutLinked,
  type MigrationEvent,
  type PlannedFrom,
} from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { digestOf } from '../testing/rollout-sample.js';
import { migration, type ApprovalRule, type MigrationCommand } from './migration.js';

const draft: ReturnType<typeof migrationDrafted.of>['data'] = {
  migration: 'm1',
  subject: 'shop',
  engine: 'postgresql',
  version: '1.1.0',
  digest: digestOf('c'),
  environments: ['eu', 'us'],
  style: 'online',
};
const planned = (hash: string, ...environments: string[]): PlannedFrom => ({
  hash: digestOf(hash),
  from: digestOf('b'),
  to: digestOf('c'),
  environments,
  steps: 2,
  destructive: false,
  findings: [],
});
const both = [planned('1', 'eu', 'us')];
const rule: ApprovalRule = { needed: 2, authorMayApprove: false, roles: ['approver'] };
const none: ApprovalRule = { needed: 0, authorMayApprove: true, roles: ['approver'] };
const sign = (plans: readonly string[], approvers: readonly string[]): string => [...plans, ...approvers].join(' ');

const about = { migration: 'm1' };
const drafted = migrationDrafted.of(draft);
const plannedEvent = (plans: PlannedFrom[], { needed, authorMayApprove, roles } = rule) =>
  migrationPlanned.of({
    ...about,
    subject: 'shop',
    version: '1.1.0',
    plans,
    approvalsNeeded: needed,
    authorMayApprove,
    approverRoles: [...roles],
  });
const givenBy = (approver: string, ...hashes: string[]) =>
  approvalGiven.of({ ...about, approver, plans: (hashes.length === 0 ? ['1'] : hashes).map(digestOf) });
const approvedBy = (...approvers: string[]) =>
  migrationApproved.of({
    ...about,
    plans: [digestOf('1')],
    approvers,
    approval: [digestOf('1'), ...approvers].join(' '),
  });
const voided = (why: string, ...approvers: string[]) => approvalVoided.of({ ...about, approvers, why });
const refused = (code: string, why: string) =>
  planRejected.of({ ...about, subject: 'shop', version: '1.1.0', code, why, findings: [] });

const waiting = [drafted, plannedEvent(both)];
const approved = [...waiting, givenBy('key:b'), givenBy('key:c'), approvedBy('key:b', 'key:c')];
const running = [...approved, rolloutLinked.of({ ...about, rollout: 'm1' })];
const ends: readonly (readonly [string, readonly MigrationEvent[]])[] = [
  ['refused', [drafted, refused('DSEM-4006', 'breaks')]],
  ['rejected', [...waiting, migrationRejected.of({ ...about, by: 'key:b', why: 'no' })]],
  ['cancelled', [drafted, migrationCancelled.of(about)]],
];

type Approve = Extract<MigrationCommand, { kind: 'approve' }>;
const approve = (approver: string, more: Partial<Approve> = {}): Approve => ({
  kind: 'approve',
  approver,
  roles: ['approver'],
  author: 'key:a',
  sign,
  ...more,
});
const plan = (plans: readonly PlannedFrom[], by = rule): MigrationCommand => ({ kind: 'plan', plans, rule: by, sign });
const refusePlan: MigrationCommand = { kind: 'refuse-plan', code: 'DSEM-4006', why: 'breaks', findings: [] };
const voidThose = (...approvers: string[]): MigrationCommand => ({ kind: 'void-approvals', approvers, why: 'left' });
const reject: MigrationCommand = { kind: 'reject', by: 'key:b', why: 'no' };
const cancel: MigrationCommand = { kind: 'cancel' };
const link: MigrationCommand = { kind: 'link-rollout', rollout: 'm1' };
const movedWhy = 'an environment is not where it was, so the plan changed';

type Case = readonly [string, readonly MigrationEvent[], MigrationCommand, readonly MigrationEvent[]];
const cases: readonly Case[] = [
  ['is drafted', [], { kind: 'draft', draft }, [drafted]],
  ['is drafted once by a command that comes again', waiting, { kind: 'draft', draft: { ...draft } }, []],
  ['is planned with the rule of its environments', [drafted], plan(both), [plannedEvent(both)]],
  [
    'is approved at once by a plan that nobody has to approve',
    [drafted],
    { kind: 'plan', plans: both, rule: none, sign },
    [plannedEvent(both, none), approvedBy()],
  ],
  [
    'waits for its approvals even when the plan could be signed',
    [drafted],
    { kind: 'plan', plans: both, rule, sign },
    [plannedEvent(both)],
  ],
  ['is not planned again while nothing moved', waiting, plan(both), []],
  [
    'is not planned again when only the order differs',
    waiting,
    plan([planned('1', 'us', 'eu')], { ...rule, roles: [...rule.roles] }),
    [],
  ],
  [
    'is planned again when an environment moved',
    waiting,
    plan([planned('2', 'eu', 'us')]),
    [plannedEvent([planned('2', 'eu', 'us')])],
  ],
  [
    'is planned again when an environment moved from one plan to another',
    [drafted, plannedEvent([planned('1', 'eu'), planned('2', 'us', 'asia')])],
    plan([planned('1', 'eu', 'us'), planned('2', 'asia')]),
    [plannedEvent([planned('1', 'eu', 'us'), planned('2', 'asia')])],
  ],
  [
    'loses its approvals when the plan changes',
    approved,
    plan([planned('2', 'eu', 'us')]),
    [voided(movedWhy, 'key:b', 'key:c'), plannedEvent([planned('2', 'eu', 'us')])],
  ],
  [
    'loses its approvals when the rule for them changes',
    approved,
    plan(both, { ...rule, needed: 3 }),
    [voided('the rule for approvals changed', 'key:b', 'key:c'), plannedEvent(both, { ...rule, needed: 3 })],
  ],
  ['is refused with a reason', [drafted], refusePlan, [refused('DSEM-4006', 'breaks')]],
  [
    'is refused even when an earlier plan was approved',
    approved,
    refusePlan,
    [voided('breaks', 'key:b', 'key:c'), refused('DSEM-4006', 'breaks')],
  ],
  ['takes an approval', waiting, approve('key:b'), [givenBy('key:b')]],
  [
    'keeps what the approver says',
    waiting,
    approve('key:b', { comment: 'fine' }),
    [approvalGiven.of({ ...givenBy('key:b').data, comment: 'fine' })],
  ],
  [
    'is approved, signed over plans and approvers, by the last approval that it needs',
    [...waiting, givenBy('key:b')],
    approve('key:c', { plans: [digestOf('1')] }),
    [givenBy('key:c'), approvedBy('key:b', 'key:c')],
  ],
  ['counts each approver once', [...waiting, givenBy('key:b')], approve('key:b'), []],
  ['hears an approval that came twice', approved, approve('key:c'), []],
  [
    'accepts its author where the rule does',
    [drafted, plannedEvent(both, { ...rule, needed: 1, authorMayApprove: true })],
    approve('key:a'),
    [givenBy('key:a'), approvedBy('key:a')],
  ],
  [
    'is approved with its plan where nobody is asked',
    [drafted],
    plan(both, none),
    [plannedEvent(both, none), approvedBy()],
  ],
  ['loses the approval of who may not approve any more', approved, voidThose('key:b'), [voided('left', 'key:b')]],
  ['keeps the approvals of others', [...approved, voided('left', 'key:b')], voidThose('key:b'), []],
  [
    'is approved again by one who takes the place of who may not any more',
    [...approved, voided('left', 'key:b')],
    approve('key:d'),
    [givenBy('key:d'), approvedBy('key:c', 'key:d')],
  ],
  ['loses an approval while it goes out', running, voidThose('key:c'), [voided('left', 'key:c')]],
  ['goes on running then', [...running, voided('left', 'key:c')], link, []],
  ['is refused once by two who come to the same judgement', [drafted, refused('DSEM-4006', 'x')], refusePlan, []],
  ['is rejected', waiting, reject, [migrationRejected.of({ ...about, by: 'key:b', why: 'no' })]],
  ['is rejected after it was approved', approved, reject, [migrationRejected.of({ ...about, by: 'key:b', why: 'no' })]],
  ['is cancelled as a draft', [drafted], cancel, [migrationCancelled.of(about)]],
  ['is cancelled with a reason', approved, { ...cancel, why: 'x' }, [migrationCancelled.of({ ...about, why: 'x' })]],
  ['goes out by one rollout', approved, link, [rolloutLinked.of({ ...about, rollout: 'm1' })]],
  ['is linked to its rollout once', running, link, []],
];

describe('a migration', () => {
  it.each(cases)('%s', (_, events, command, expected) => {
    given(migration, events).when(command).then(expected);
  });

  it('does not ask for a signature before the last approval', () => {
    const never = (): string => {
      throw new Error('signed too early');
    };
    given(migration, waiting)
      .when(approve('key:b', { sign: never }))
      .then([givenBy('key:b')]);
  });

  it('signs over plans in one order, however they were planned', () => {
    const plans = [planned('2', 'us'), planned('1', 'eu')];
    const [, done] = migration.decide(
      approve('key:b'),
      given(migration, [drafted, plannedEvent(plans, { ...rule, needed: 1 })]).state,
    );
    expect(done?.data).toMatchObject({ plans: [digestOf('1'), digestOf('2')] });
  });
});

const everything: readonly (readonly [string, MigrationCommand])[] = [
  ['draft anew', { kind: 'draft', draft: { ...draft, version: '2.0.0' } }],
  ['plan', plan(both)],
  ['refuse-plan', refusePlan],
  ['approve', approve('key:d')],
  ['reject', reject],
  ['cancel', cancel],
  ['link-rollout', { kind: 'link-rollout', rollout: 'other' }],
];
const allowedIn: readonly (readonly [string, readonly MigrationEvent[], readonly string[]])[] = [
  ['draft', [drafted], ['plan', 'refuse-plan', 'cancel']],
  ['awaiting approval', waiting, ['plan', 'refuse-plan', 'approve', 'reject', 'cancel']],
  ['approved', approved, ['plan', 'refuse-plan', 'reject', 'cancel', 'link-rollout']],
  ['running', running, []],
  ['running without an approval that held', [...running, voided('left', 'key:b')], []],
  ...ends.map(([name, events]) => [name, events, name === 'refused' ? ['refuse-plan'] : []] as const),
];

describe('a migration refuses', () => {
  const table = allowedIn.flatMap(([name, events, allowed]) =>
    everything
      .filter(([kind]) => !allowed.includes(kind))
      .map(([kind, command]) => [kind, name, command, events] as const),
  );
  it.each(table)('to %s when it is %s', (_kind, _name, command, events) => {
    given(migration, events).when(command).thenThrows('DSEM-4003');
  });

  it.each(everything.slice(1))('to %s when it does not exist', (_, command) => {
    given(migration, []).when(command).thenThrows('DSEM-4001');
  });

  it.each<[string, Approve, string]>([
    ['an approver without a role that counts', approve('key:b', { roles: ['developer'] }), 'DSEM-5106'],
    ['its author where the rule forbids that', approve('key:a'), 'DSEM-5106'],
    ['an approval of another plan', approve('key:b', { plans: [digestOf('2')] }), 'DSEM-4007'],
    ['an approval of one plan more', approve('key:b', { plans: [digestOf('1'), digestOf('2')] }), 'DSEM-4007'],
    ['an approval of no plan', approve('key:b', { plans: [] }), 'DSEM-4007'],
  ])('%s', (_, command, code) => {
    given(migration, waiting).when(command).thenThrows(code);
  });
});
