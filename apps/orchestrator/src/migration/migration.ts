import type { Decider } from '@dsem/event-store';
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
import { Refusal } from '@dsem/schema';

type Drafted = ReturnType<typeof migrationDrafted.of>['data'];

export type MigrationStatus =
  'none' | 'draft' | 'awaiting-approval' | 'approved' | 'running' | 'refused' | 'rejected' | 'cancelled';

export interface ApprovalRule {
  readonly needed: number;
  readonly authorMayApprove: boolean;
  readonly roles: readonly string[];
}

export interface Approval {
  readonly approver: string;
  readonly plans: readonly string[];
}

export interface MigrationState {
  readonly status: MigrationStatus;
  readonly draft: Drafted | undefined;
  readonly plans: readonly PlannedFrom[];
  readonly rule: ApprovalRule;
  readonly approvals: readonly Approval[];
  readonly approval: string | undefined;
  readonly refusal: { readonly code: string; readonly why: string } | undefined;
  /** Why the plan was refused, in detail. */
  readonly findings: PlannedFrom['findings'];
  readonly rollout: string | undefined;
}

/** Signs the statement that agents verify; called only when the last needed approval is there. */
type Sign = (plans: readonly string[], approvers: readonly string[]) => string;

export type MigrationCommand =
  | { readonly kind: 'draft'; readonly draft: Drafted }
  | {
      readonly kind: 'plan';
      readonly plans: readonly PlannedFrom[];
      readonly rule: ApprovalRule;
      /** Approves at once what needs no approval, so that nobody ever sees it waiting for one. */
      readonly sign: Sign;
    }
  | {
      readonly kind: 'refuse-plan';
      readonly code: string;
      readonly why: string;
      readonly findings: PlannedFrom['findings'];
    }
  | {
      readonly kind: 'approve';
      readonly approver: string;
      readonly roles: readonly string[];
      readonly author: string;
      /** The hashes the approver has seen; undefined accepts what is planned now. */
      readonly plans?: readonly string[] | undefined;
      readonly comment?: string | undefined;
      readonly sign: Sign;
    }
  | { readonly kind: 'void-approvals'; readonly approvers: readonly string[]; readonly why: string }
  | { readonly kind: 'reject'; readonly by: string; readonly why: string }
  | { readonly kind: 'cancel'; readonly why?: string | undefined }
  | { readonly kind: 'link-rollout'; readonly rollout: string };

/** Thrown when a command names a migration that does not exist. */
export class MigrationNotFound extends Refusal {
  readonly code = 'DSEM-4001';
  readonly title = 'No such migration';
  readonly fix = 'List the migrations with GET /api/v1/migrations.';
}

/** Thrown when a migration's state does not allow the command. */
export class MigrationStateConflict extends Refusal {
  readonly code = 'DSEM-4003';
  readonly title = 'The migration is not in a state that allows this';
  readonly fix = 'Look at its status with GET /api/v1/migrations/{id}/status; it lists what is allowed next.';
}

/** Thrown when somebody approves who may not. */
export class ApprovalNotAllowed extends Refusal {
  readonly code = 'DSEM-5106';
  readonly title = 'This approval does not count';
  readonly fix = 'Ask another person with an approving role.';
}

/** Thrown when the approver has seen other plans than those that would run. */
export class ApprovalOutdated extends Refusal {
  readonly code = 'DSEM-4007';
  readonly title = 'The plan changed since it was reviewed';
  readonly fix = 'Read the plan again and approve its present hash.';
}

const refuse = (state: MigrationState, what: string): never => {
  if (state.status === 'none') throw new MigrationNotFound('the migration does not exist');
  throw new MigrationStateConflict(`cannot ${what} a migration that is ${state.status}`);
};

const idOf = (state: MigrationState): string => state.draft?.migration ?? '';
const hashes = (plans: readonly PlannedFrom[]): readonly string[] => plans.map((plan) => plan.hash).sort();
const sameHashes = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

/** Which plan runs where: the same hashes in other environments are another intention. */
const intention = (plans: readonly PlannedFrom[]): string =>
  JSON.stringify(plans.map(({ hash, environments }) => [hash, ...[...environments].sort()].join(' ')).sort());
const sameRule = (a: ApprovalRule, b: ApprovalRule): boolean =>
  a.needed === b.needed && a.authorMayApprove === b.authorMayApprove && sameHashes(a.roles, b.roles);

const voided = (state: MigrationState, why: string): readonly MigrationEvent[] =>
  state.approvals.length === 0
    ? []
    : [approvalVoided.of({ migration: idOf(state), approvers: state.approvals.map((a) => a.approver), why })];

/** The states in which a plan may still change. */
const open: readonly MigrationStatus[] = ['draft', 'awaiting-approval', 'approved'];

const approvedBy = (state: MigrationState, approvers: readonly string[], sign: Sign): MigrationEvent => {
  const plans = hashes(state.plans);
  return migrationApproved.of({
    migration: idOf(state),
    plans: [...plans],
    approvers: [...approvers],
    approval: sign(plans, approvers),
  });
};

const plan = (
  command: Extract<MigrationCommand, { kind: 'plan' }>,
  state: MigrationState,
): readonly MigrationEvent[] => {
  if (!open.includes(state.status)) return refuse(state, 'plan');
  const moved = intention(state.plans) !== intention(command.plans);
  if (state.status !== 'draft' && !moved && sameRule(state.rule, command.rule)) return [];
  const { needed, authorMayApprove, roles } = command.rule;
  const why = moved ? 'an environment is not where it was, so the plan changed' : 'the rule for approvals changed';
  const planned = migrationPlanned.of({
    migration: idOf(state),
    subject: state.draft?.subject ?? '',
    version: state.draft?.version ?? '',
    plans: [...command.plans],
    approvalsNeeded: needed,
    authorMayApprove,
    approverRoles: [...roles],
  });
  const approved = needed > 0 ? [] : [approvedBy({ ...state, plans: command.plans }, [], command.sign)];
  return [...voided(state, why), planned, ...approved];
};

/** What may not run is refused even when an earlier plan of it was approved. */
const refusePlan = (
  command: Extract<MigrationCommand, { kind: 'refuse-plan' }>,
  state: MigrationState,
): readonly MigrationEvent[] => {
  // Who drafts and who waits for the assessment may both come to refuse the same draft.
  if (state.status === 'refused') return [];
  if (!open.includes(state.status)) return refuse(state, 'refuse');
  const { code, why, findings } = command;
  const { migration = '', subject = '', version = '' } = state.draft ?? {};
  return [...voided(state, why), planRejected.of({ migration, subject, version, code, why, findings })];
};

/** Takes out the approvals of those who may not approve any more; the others stand. */
const voidApprovals = (
  command: Extract<MigrationCommand, { kind: 'void-approvals' }>,
  state: MigrationState,
): readonly MigrationEvent[] => {
  const gone = state.approvals.map((each) => each.approver).filter((each) => command.approvers.includes(each));
  if (gone.length === 0 || !['awaiting-approval', 'approved', 'running'].includes(state.status)) return [];
  return [approvalVoided.of({ migration: idOf(state), approvers: gone, why: command.why })];
};

const mayApprove = (command: Extract<MigrationCommand, { kind: 'approve' }>, state: MigrationState): void => {
  if (!command.roles.some((role) => state.rule.roles.includes(role)))
    throw new ApprovalNotAllowed(`approving needs one of the roles ${state.rule.roles.join(', ')}`);
  if (!state.rule.authorMayApprove && state.rule.needed > 0 && command.approver === command.author)
    throw new ApprovalNotAllowed('the author may not approve the own migration here');
};

const approve = (
  command: Extract<MigrationCommand, { kind: 'approve' }>,
  state: MigrationState,
): readonly MigrationEvent[] => {
  if (state.status === 'approved' && state.approvals.some((a) => a.approver === command.approver)) return [];
  if (state.status !== 'awaiting-approval') return refuse(state, 'approve');
  mayApprove(command, state);
  const plans = hashes(state.plans);
  if (command.plans !== undefined && !sameHashes(command.plans, plans))
    throw new ApprovalOutdated(`the plans are ${plans.join(', ')} now`);
  if (state.approvals.some((a) => a.approver === command.approver)) return [];
  const given = approvalGiven.of({
    migration: idOf(state),
    approver: command.approver,
    plans: [...plans],
    ...(command.comment === undefined ? {} : { comment: command.comment }),
  });
  const approvers = [...state.approvals.map((a) => a.approver), command.approver];
  return approvers.length < state.rule.needed ? [given] : [given, approvedBy(state, approvers, command.sign)];
};

const decide = (command: MigrationCommand, state: MigrationState): readonly MigrationEvent[] => {
  switch (command.kind) {
    case 'draft':
      if (state.draft !== undefined && JSON.stringify(state.draft) === JSON.stringify(command.draft)) return [];
      return state.status === 'none' ? [migrationDrafted.of(command.draft)] : refuse(state, 'draft');
    case 'plan':
      return plan(command, state);
    case 'refuse-plan':
      return refusePlan(command, state);
    case 'approve':
      return approve(command, state);
    case 'void-approvals':
      return voidApprovals(command, state);
    case 'reject':
      return ['awaiting-approval', 'approved'].includes(state.status)
        ? [migrationRejected.of({ migration: idOf(state), by: command.by, why: command.why })]
        : refuse(state, 'reject');
    case 'cancel':
      if (!open.includes(state.status)) return refuse(state, 'cancel');
      return [
        migrationCancelled.of({ migration: idOf(state), ...(command.why === undefined ? {} : { why: command.why }) }),
      ];
    case 'link-rollout':
      if (state.rollout === command.rollout) return [];
      return state.status === 'approved'
        ? [rolloutLinked.of({ migration: idOf(state), rollout: command.rollout })]
        : refuse(state, 'roll out');
    default:
      return command satisfies never;
  }
};

const initialState: MigrationState = {
  status: 'none',
  draft: undefined,
  plans: [],
  rule: { needed: 0, authorMayApprove: false, roles: [] },
  approvals: [],
  approval: undefined,
  refusal: undefined,
  findings: [],
  rollout: undefined,
};

const evolve = (state: MigrationState, event: MigrationEvent): MigrationState => {
  switch (event.type) {
    case 'MigrationDrafted':
      return { ...state, status: 'draft', draft: event.data };
    case 'MigrationPlanned': {
      const { plans, approvalsNeeded, authorMayApprove, approverRoles } = event.data;
      const rule = { needed: approvalsNeeded, authorMayApprove, roles: approverRoles };
      return { ...state, status: 'awaiting-approval', plans, rule, approvals: [], approval: undefined };
    }
    case 'PlanRejected': {
      const { code, why, findings } = event.data;
      return { ...state, status: 'refused', refusal: { code, why }, findings };
    }
    case 'ApprovalGiven':
      return { ...state, approvals: [...state.approvals, { approver: event.data.approver, plans: event.data.plans }] };
    case 'ApprovalVoided': {
      const approvals = state.approvals.filter((each) => !event.data.approvers.includes(each.approver));
      return {
        ...state,
        status: state.status === 'running' ? 'running' : 'awaiting-approval',
        approvals,
        approval: undefined,
      };
    }
    case 'MigrationApproved':
      return { ...state, status: 'approved', approval: event.data.approval };
    case 'MigrationRejected':
      return { ...state, status: 'rejected' };
    case 'MigrationCancelled':
      return { ...state, status: 'cancelled' };
    case 'RolloutLinked':
      return { ...state, status: 'running', rollout: event.data.rollout };
    default:
      return event satisfies never;
  }
};

/** One change of one subject to one version in some environments: its plans and who agreed to exactly those. */
export const migration: Decider<MigrationState, MigrationCommand, MigrationEvent> = { initialState, decide, evolve };
