import { ApiProblem } from '@dsem/api';
import { handledBefore, handleCommand, type CommandMetadata } from '@dsem/event-store';
import { streams, type FailurePolicy } from '@dsem/events';
import { currentDigest, occupiedBy } from '../environment/holding.js';
import { MigrationStateConflict, migration } from '../migration/migration.js';
import { readMigration } from '../migration/migration.store.js';
import type { MigrationView } from '../migration/migration.view.js';
import { voidLapsed } from '../migration/approver-keys.js';
import { lapseIn } from '../migration/lapse.js';
import { becameIncompatible, environmentState, planMigration, refusalCode } from '../migration/planning.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';
import { defaultWaves, requestedWaves, type Candidate, type WaveRequest } from './waves.js';

export interface StartRequest {
  readonly waves?: readonly WaveRequest[] | undefined;
  readonly onFailure: FailurePolicy;
}

const candidatesOf = async (orchestrator: Orchestrator, { state }: MigrationView): Promise<readonly Candidate[]> => {
  const targets = state.plans.flatMap((plan) => plan.environments.map((name) => ({ name, plan })));
  return Promise.all(
    targets.map(async ({ name, plan }) => {
      const { type } = await environmentState(orchestrator, name);
      const { hash, from, to, fromVersion } = plan;
      const toVersion = state.draft?.version;
      const versions = {
        ...(fromVersion === undefined ? {} : { fromVersion }),
        ...(toVersion === undefined ? {} : { toVersion }),
      };
      return { type, target: { environment: name, plan: hash, from, to, ...versions } };
    }),
  );
};

/**
 * Why what was approved may not run as it is: some environment is no longer where its plan starts or asks for more than
 * was agreed to, or the version may not go there any more.
 */
const outdated = async (orchestrator: Orchestrator, view: MigrationView): Promise<string | undefined> => {
  const { draft, plans } = view.state;
  if (draft === undefined) return undefined;
  for (const plan of plans)
    for (const name of plan.environments) {
      const environment = await environmentState(orchestrator, name);
      if (currentDigest(environment, draft.subject, draft.engine) !== plan.from)
        return `${name} moved since the plan was approved`;
      const held = occupiedBy(environment, draft.subject, draft.engine);
      if (held !== undefined) return held;
      const lapse = lapseIn(view, plan, environment);
      if (lapse !== undefined) return lapse.cause;
    }
  return (await becameIncompatible(orchestrator, draft)) ? `${draft.version} became incompatible` : undefined;
};

const planAgain = async (
  orchestrator: Orchestrator,
  id: string,
  cause: string,
  metadata: CommandMetadata,
): Promise<void> => {
  const replanned = await planMigration(orchestrator, id, metadata);
  if (replanned?.state.status === 'approved') return;
  const refusal = replanned?.state.refusal;
  if (refusal !== undefined) throw new ApiProblem(refusalCode(refusal.code), refusal.why);
  throw new ApiProblem('DSEM-4007', `${cause}; it was planned again, approve the new plan`);
};

const approved = async (orchestrator: Orchestrator, id: string, metadata: CommandMetadata): Promise<MigrationView> => {
  const view = await readMigration(orchestrator, id);
  if (view.state.status === 'awaiting-approval')
    throw new ApiProblem(
      'DSEM-4007',
      `${view.state.rule.needed - view.state.approvals.length} more approval(s) needed`,
    );
  if (view.state.status !== 'approved')
    throw new MigrationStateConflict(`cannot execute a migration that is ${view.state.status}`);
  const lapsed = await voidLapsed(orchestrator, view.state, metadata);
  if (lapsed !== undefined) throw new ApiProblem('DSEM-4007', `${lapsed}; somebody else has to approve`);
  const cause = await outdated(orchestrator, view);
  if (cause === undefined) return view;
  await planAgain(orchestrator, id, cause, metadata);
  return readMigration(orchestrator, id);
};

const begin = async (
  orchestrator: Orchestrator,
  id: string,
  request: StartRequest,
  metadata: CommandMetadata,
): Promise<void> => {
  const { store, clock } = orchestrator.service;
  const view = await approved(orchestrator, id, metadata);
  const candidates = await candidatesOf(orchestrator, view);
  const waves = request.waves === undefined ? defaultWaves(candidates) : requestedWaves(request.waves, candidates);
  const started = {
    rollout: id,
    migration: id,
    subject: view.state.draft?.subject ?? '',
    direction: 'forward' as const,
    waves: [...waves],
    failurePolicy: request.onFailure,
    approval: view.state.approval ?? '',
    losses: Object.fromEntries(
      view.state.plans.flatMap(({ hash, losses }) => (losses === undefined ? [] : [[hash, losses]])),
    ),
  };
  const now = clock().toISOString();
  await handleCommand(store, rollout, streams.rollout(id), { kind: 'start', rollout: started, now }, { metadata });
};

/**
 * Starts the rollout of an approved migration. Its id is the migration's, so starting twice starts once.
 * @throws ApiProblem DSEM-4007 when the approval does not hold (any more), DSEM-4006 when the version became incompatible,
 * DSEM-4012 when an environment does not allow to lose data any more, DSEM-4017 when another schema came first, WavesInvalid, MigrationStateConflict
 */
export const startRollout = async (
  orchestrator: Orchestrator,
  id: string,
  request: StartRequest,
  metadata: CommandMetadata,
): Promise<void> => {
  const { store } = orchestrator.service;
  if (!(await handledBefore(store, streams.rollout(id), metadata))) await begin(orchestrator, id, request, metadata);
  await handleCommand(store, migration, streams.migration(id), { kind: 'link-rollout', rollout: id }, { metadata });
};
