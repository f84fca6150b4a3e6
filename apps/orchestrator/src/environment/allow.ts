import { ApiProblem, type Action } from '@dsem/api';
import { can, type Principal } from '@dsem/authz';
import { readMigration } from '../migration/migration.store.js';
import { environmentState } from '../migration/planning.js';
import type { Orchestrator } from '../orchestrator.context.js';

/**
 * Refuses an action on a migration unless the caller may do it in each environment concerned.
 * @throws ApiProblem DSEM-5105
 */
export const allowIn = async (
  orchestrator: Orchestrator,
  principal: Principal,
  action: Action,
  migration: string,
  environments?: readonly string[],
): Promise<void> => {
  const { state } = await readMigration(orchestrator, migration);
  for (const name of environments ?? state.draft?.environments ?? []) {
    const { type } = await environmentState(orchestrator, name);
    if (!can(principal, action, { environment: name, environmentType: type }))
      throw new ApiProblem('DSEM-5105', `${action} in ${name} (${type}) is not allowed for ${principal.id}`);
  }
};
