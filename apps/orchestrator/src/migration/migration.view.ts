import type { MigrationProgress, MigrationResource } from '@dsem/api';
import type { MigrationState } from './migration.js';
import type { Above } from '../rollout/above.js';
import { lossesOf } from '../rollout/losses.js';
import { wentForward, type RolloutState, type TargetState } from '../rollout/rollout-state.js';
import { inWaves } from '../rollout/waves.js';
import type { EnvironmentState } from '../environment/environment.js';

/** Everything known about a migration, from its stream and its rollout's. */
export interface MigrationView {
  readonly state: MigrationState;
  readonly rollout: RolloutState | undefined;
  readonly author: string;
  readonly created: string;
}

/** How far one environment is, as its agent told it last: telemetry, not truth. */
export interface StepProgress {
  readonly environment: string;
  readonly attempt: number;
  readonly index: number;
  readonly of: number;
  readonly object: string;
  readonly state: string;
  readonly problem: string | null;
}

type Status = MigrationResource['status'];

const hasUnknown = ({ targets }: RolloutState): boolean =>
  Object.values(targets).some((target) => target.status === 'unknown');

const ofRollout = (rollout: RolloutState): Status => {
  switch (rollout.status) {
    case 'none':
    case 'running':
    case 'baking':
      return 'running';
    case 'halted':
      return hasUnknown(rollout) || rollout.undecided !== undefined ? 'needs-decision' : 'halted';
    default:
      return rollout.status;
  }
};

/** The one state a person sees (domain.md). */
export const statusOf = (state: MigrationState, rollout: RolloutState | undefined): Status => {
  if (rollout !== undefined && rollout.status !== 'none') return ofRollout(rollout);
  return state.status === 'none' ? 'draft' : state.status;
};

const allowedNext: { readonly [status in Status]: readonly string[] } = {
  draft: ['cancel'],
  'awaiting-approval': ['approve', 'reject', 'plan', 'cancel'],
  approved: ['execute', 'plan', 'reject', 'cancel'],
  running: ['pause', 'rollback', 'cancel'],
  completed: ['rollback'],
  refused: [],
  rejected: [],
  cancelled: [],
  paused: ['resume', 'rollback', 'cancel'],
  halted: ['retry', 'resume', 'rollback', 'abandon', 'cancel'],
  'rolling-back': [],
  'rolled-back': ['rollback'],
  'needs-decision': ['resolve', 'retry', 'rollback', 'abandon', 'cancel'],
};

/** The ways that no environment is left for. */
const nothingFor = (rollout: RolloutState, above: Above): readonly string[] => {
  const targets = Object.values(rollout.targets);
  const isStuck = targets.some(({ status }) => status === 'failed' || status === 'unknown');
  const mayAbandon = isStuck || (rollout.status !== 'cancelled' && targets.some(({ status }) => status === 'waiting'));
  const mayRollBack = above.size === 0 && targets.some(wentForward);
  return [
    ...(isStuck ? [] : ['retry', 'resolve']),
    ...(mayAbandon ? [] : ['abandon']),
    ...(mayRollBack ? [] : ['rollback']),
  ];
};

/** What is left of a rollout that was cancelled: what it has reached by then is settled and taken back like any other. */
const afterCancelling = ['resolve', 'rollback', 'abandon'];

/**
 * What may be asked next; a rollback only while there is something to take back. A decision about
 * losses leaves what a halt leaves: nothing is unknown. What stands under a newer migration is not taken back.
 */
const allowedFor = (status: Status, rollout: RolloutState | undefined, above: Above): readonly string[] => {
  if (rollout === undefined) return allowedNext[status];
  const undecided = status === 'needs-decision' && !hasUnknown(rollout);
  const begun = status === 'cancelled' ? afterCancelling : allowedNext[status];
  const allowed = undecided ? allowedNext.halted : begun;
  const pointless = nothingFor(rollout, above);
  return allowed.filter((way) => !pointless.includes(way));
};

/** What a rollback of all that went forward would destroy. */
const lossesNow = (rollout: RolloutState): MigrationProgress['losses'] =>
  lossesOf(rollout, Object.values(rollout.targets).filter(wentForward)).map(({ environments, objects }) => ({
    environments: [...environments],
    objects: [...objects],
  }));

const optional = <Key extends string, Value>(key: Key, value: Value | null | undefined) =>
  value === undefined || value === null ? {} : ({ [key]: value } as { [K in Key]: Value });

/** A migration as REST tells it. */
export const migrationOf = ({ state, rollout, author, created }: MigrationView): MigrationResource => {
  const { draft } = state;
  if (draft === undefined) throw new Error('a migration without a draft has no resource');
  const findings = state.findings.map((finding) => ({ ...finding }));
  return {
    id: draft.migration,
    schema: draft.subject,
    database: draft.engine,
    version: draft.version,
    digest: draft.digest,
    status: statusOf(state, rollout),
    environments: draft.environments,
    author,
    ...optional('reason', draft.reason),
    plans: [...state.plans],
    approvals: {
      needed: state.rule.needed,
      given: state.approvals.map((approval) => approval.approver),
      authorMayApprove: state.rule.authorMayApprove,
      roles: [...state.rule.roles],
    },
    ...optional('refusal', state.refusal && { ...state.refusal, findings }),
    ...optional('rollout', state.rollout),
    created,
  };
};

type Told = MigrationProgress['targets'][number];

const targetOf = (target: TargetState, steps: readonly StepProgress[], above: Above): Told => {
  const { environment } = target.target;
  const step = steps.find((each) => each.environment === environment && each.attempt === target.attempts);
  return {
    environment,
    wave: target.wave,
    status: target.status,
    direction: target.direction,
    attempt: target.attempts,
    ...(step === undefined || step.of === 0
      ? {}
      : { step: { index: step.index, of: step.of, object: step.object, state: step.state } }),
    ...optional('problem', target.resolved === undefined ? step?.problem : undefined),
    ...optional(
      'above',
      above.get(environment)?.map(({ migration, subject, version }) => ({
        migration,
        schema: subject,
        ...optional('version', version),
      })),
    ),
  };
};

/** As it would go out when nobody asks for other waves. */
const plannedTargets = ({ draft }: MigrationState, known: ReadonlyMap<string, EnvironmentState>): readonly Told[] => {
  const candidates = (draft?.environments ?? []).flatMap((name) => known.get(name) ?? []);
  return inWaves(candidates).flatMap((wave, index) =>
    wave.map(({ name }) => ({
      environment: name,
      wave: index,
      status: 'waiting' as const,
      direction: 'forward' as const,
      attempt: 0,
    })),
  );
};

/** How far a migration is, per environment. */
export const progressOf = (
  view: MigrationView,
  steps: readonly StepProgress[],
  environments: ReadonlyMap<string, EnvironmentState> = new Map(),
  above: Above = new Map(),
): MigrationProgress => {
  const { state, rollout } = view;
  const status = statusOf(state, rollout);
  const started = rollout !== undefined && rollout.status !== 'none';
  const allowed = allowedFor(status, rollout, above);
  const targets = started
    ? Object.values(rollout.targets).map((target) => targetOf(target, steps, above))
    : plannedTargets(state, environments);
  return {
    id: state.draft?.migration ?? '',
    schema: state.draft?.subject ?? '',
    version: state.draft?.version ?? '',
    status,
    ...optional('cause', started ? rollout.cause : state.refusal?.why),
    allowed: [...allowed],
    ...(started && allowed.includes('rollback') ? { losses: lossesNow(rollout) } : {}),
    targets: [...targets].sort((a, b) => a.wave - b.wave),
  };
};
