import { readMigration } from '../migration/migration.store.js';
import type { MigrationView } from '../migration/migration.view.js';
import { statusOf } from '../migration/migration.view.js';
import type { Orchestrator } from '../orchestrator.context.js';
import type { EnvironmentState } from './environment.js';
import { heldIn } from './holding.js';

/** The states from which a migration changes nothing by itself any more. */
const ended = ['completed', 'refused', 'rejected', 'cancelled', 'rolled-back'];

/** Whether something of a migration may still happen in an environment; an agent may be at work for a cancelled one. */
const isOpenIn = ({ state, rollout }: MigrationView, environment: string): boolean => {
  const target = rollout?.targets[environment]?.status;
  if (target === 'abandoned') return false;
  return target === 'running' || !ended.includes(statusOf(state, rollout));
};

const openIn = async (orchestrator: Orchestrator, environment: string): Promise<readonly MigrationView[]> => {
  const select = `SELECT id FROM migrations WHERE $1 = ANY (environments)
    AND (status <> ALL ($2) OR rollout -> 'targets' -> $1 ->> 'status' = 'running') ORDER BY position`;
  const { rows } = await orchestrator.service.pool.query<{ id: string }>(select, [environment, ended]);
  const views = await Promise.all(rows.map(({ id }) => readMigration(orchestrator, id)));
  return views.filter((view) => isOpenIn(view, environment));
};

const openTold = ({ state, rollout }: MigrationView): string =>
  `migration ${state.draft?.migration ?? ''} to ${state.draft?.subject ?? ''} ${state.draft?.version ?? ''} is ${statusOf(state, rollout)}`;

/** What stands in the way of retiring an environment: the schemas that it holds, the migrations not ended there. */
export const neededBy = async (orchestrator: Orchestrator, state: EnvironmentState): Promise<readonly string[]> => [
  ...heldIn(state).map((held) => `it holds ${held}`),
  ...(await openIn(orchestrator, state.name)).map(openTold),
];
