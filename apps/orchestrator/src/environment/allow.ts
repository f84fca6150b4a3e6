import type { Action } from '@dsem/api';
import { environmentsOf, type Principal } from '@dsem/authz';
import { loadState } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { authorize } from '@dsem/service-host';
import { readMigration } from '../migration/migration.store.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { environment } from './environment.js';

/**
 * Refuses an action unless the caller may do it in each of the environments; one that does not exist has no type, so
 * only who may do it everywhere gets as far as hearing that.
 * @throws ApiProblem DSEM-5105
 */
export const allowInEach = async (
  orchestrator: Orchestrator,
  principal: Principal,
  action: Action,
  environments: readonly string[],
): Promise<void> => {
  for (const name of environments) {
    const { state } = await loadState(orchestrator.service.store, environment, streams.environment(name));
    authorize(principal, action, { environment: name, ...(state.exists ? { environmentType: state.type } : {}) });
  }
};

/**
 * Refuses an action on a migration unless the caller may do it in each environment concerned: all of the migration's,
 * or those named.
 * @throws ApiProblem DSEM-5105, MigrationNotFound
 */
export const allowIn = async (
  orchestrator: Orchestrator,
  principal: Principal,
  action: Action,
  migration: string,
  environments?: readonly string[],
): Promise<void> => {
  const { state } = await readMigration(orchestrator, migration);
  await allowInEach(orchestrator, principal, action, environments ?? state.draft?.environments ?? []);
};

/**
 * Refuses a caller who may read migrations in some environments only, where none of these is one.
 * @throws ApiProblem DSEM-5105
 */
export const allowToRead = (principal: Principal, environments: readonly string[]): void => {
  const mine = environmentsOf(principal, 'migration:read');
  if (mine === undefined || environments.some((name) => mine.includes(name))) return;
  authorize(principal, 'migration:read', { environment: environments[0] ?? '' });
};
