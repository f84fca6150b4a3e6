import type { MigrationProgress } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { loadState } from '@dsem/event-store';
import { streams, type MigrationEvent } from '@dsem/events';
import { environment, type EnvironmentState } from '../environment/environment.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { readAbove } from '../rollout/read-above.js';
import { rollout } from '../rollout/rollout.js';
import { mayAsk } from './may-ask.js';
import { migration, MigrationNotFound } from './migration.js';
import { progressOf, type MigrationView, type StepProgress } from './migration.view.js';

/** A migration with its rollout, folded from their streams: true at this moment. @throws MigrationNotFound */
export const readMigration = async (orchestrator: Orchestrator, id: string): Promise<MigrationView> => {
  const { store } = orchestrator.service;
  const events = await store.readStream(streams.migration(id));
  const first = events[0];
  if (first === undefined) throw new MigrationNotFound(`migration ${id} does not exist`);
  const state = events.reduce(
    (s, event) => migration.evolve(s, event as unknown as MigrationEvent),
    migration.initialState,
  );
  const run = await loadState(store, rollout, streams.rollout(id));
  const { actor } = first.metadata;
  return { state, rollout: run.version === 0 ? undefined : run.state, author: actor, created: first.time };
};

/** The environments of a migration by name, folded from their streams; those that were retired as they were then. */
export const readEnvironments = async (
  { service }: Orchestrator,
  { state }: Pick<MigrationView, 'state'>,
): Promise<ReadonlyMap<string, EnvironmentState>> => {
  const names = state.draft?.environments ?? [];
  const read = names.map(
    async (name) => [name, (await loadState(service.store, environment, streams.environment(name))).state] as const,
  );
  return new Map(await Promise.all(read));
};

/** What agents told last about the steps of a rollout. */
const readSteps = async (orchestrator: Orchestrator, id: string): Promise<readonly StepProgress[]> => {
  const select =
    'SELECT environment, attempt, index, of, object, state, problem FROM target_progress WHERE rollout = $1';
  return (await orchestrator.service.pool.query<StepProgress>(select, [id])).rows;
};

/** How far a migration is, as it is told over REST; of what may be asked next, what the caller's key allows. */
export const tellProgress = async (
  orchestrator: Orchestrator,
  view: MigrationView,
  principal: Principal,
): Promise<MigrationProgress> => {
  const id = view.state.draft?.migration ?? '';
  const [steps, environments] = [await readSteps(orchestrator, id), await readEnvironments(orchestrator, view)];
  const progress = progressOf(view, steps, environments, await readAbove(orchestrator, view));
  return { ...progress, allowed: progress.allowed.filter((way) => mayAsk(principal, way, environments)) };
};
