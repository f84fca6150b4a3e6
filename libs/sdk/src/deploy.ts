import type { MigrationProgress, RouteInput, Routes } from '@dsem/api';
import type { ApiClient } from './client.js';
import { waitFor, type WaitOptions } from './wait.js';

/** What to deploy: a version of a schema, or a migration that exists already. */
export type MigrationPlan =
  | string
  | { readonly id: string }
  | {
      readonly schema: string;
      readonly version?: string;
      readonly style?: 'online' | 'offline';
      readonly reason?: string;
    };

type Execution = NonNullable<RouteInput<Routes['executeMigration']>['body']>;

/** How to deploy. */
export interface DeployOptions extends WaitOptions {
  /** Approves as the caller where the policy lets them; default false. */
  readonly approve?: boolean;
  readonly waves?: Execution['waves'];
  readonly onFailure?: Execution['onFailure'];
  /** false: return as soon as the rollout has started. Default true. */
  readonly wait?: boolean;
}

/** How a deployment ended, or where it stands. */
export interface Deployment {
  /** The migration's id. */
  readonly id: string;
  readonly status: MigrationProgress['status'];
  /** true when every environment runs the new version. */
  readonly success: boolean;
  /** Why it stands still, when it does. */
  readonly cause?: string;
  readonly environments: readonly MigrationProgress['targets'][number][];
}

const idOf = async (client: ApiClient, plan: MigrationPlan, environments: readonly string[]): Promise<string> => {
  if (typeof plan === 'string') return plan;
  if ('id' in plan) return plan.id;
  const { id } = await client.call('createMigration', { body: { ...plan, environments: [...environments] } });
  return id;
};

const deploymentOf = ({ id, status, cause, targets }: MigrationProgress): Deployment => ({
  id,
  status,
  success: status === 'completed',
  ...(cause === undefined ? {} : { cause }),
  environments: targets,
});

/**
 * Plans, approves if asked to, rolls out and waits. A migration that needs somebody else's approval is returned as
 * `awaiting-approval`; deploy its id again once it is approved.
 */
export const deploy = async (
  client: ApiClient,
  plan: MigrationPlan,
  environments: readonly string[],
  { approve, waves, onFailure, wait = true, ...waiting }: DeployOptions,
): Promise<Deployment> => {
  const id = await idOf(client, plan, environments);
  const params = { id };
  const ask = (): Promise<MigrationProgress> => client.call('migrationStatus', { params });
  let progress = await waitFor(id, ask, { ...waiting, until: ({ status }) => status !== 'draft' });
  if (progress.status === 'awaiting-approval' && approve === true)
    progress = await client.call('approveMigration', { params, body: {} });
  if (progress.status !== 'approved') return deploymentOf(progress);
  const body = { ...(waves === undefined ? {} : { waves }), ...(onFailure === undefined ? {} : { onFailure }) };
  const started = await client.call('executeMigration', { params, body });
  return deploymentOf(wait ? await waitFor(id, ask, waiting) : started);
};
