import { migrationRoutes, type RouteSpec } from '@dsem/api';
import { can, type Principal } from '@dsem/authz';
import type { EnvironmentState } from '../environment/environment.js';

/** What can be asked for some of a migration's environments; anything else is asked for all of them. */
const oneByOne: readonly string[] = ['retry', 'resolve', 'abandon', 'rollback'];

const policyOf = (way: string): RouteSpec['policy'] | undefined =>
  (Object.values(migrationRoutes) as RouteSpec[]).find(
    ({ method, path }) => method === 'POST' && path === `/api/v1/migrations/{id}/${way}`,
  )?.policy;

/** Whether the caller's role and key let them ask for a way on (`execute`, `retry`) in these environments. */
export const mayAsk = (
  principal: Principal,
  way: string,
  environments: ReadonlyMap<string, EnvironmentState>,
): boolean => {
  const policy = policyOf(way);
  if (policy === undefined || !('action' in policy)) return false;
  const allowedIn = [...environments].map(([environment, state]) =>
    can(principal, policy.action, { environment, ...(state.exists ? { environmentType: state.type } : {}) }),
  );
  return oneByOne.includes(way) ? allowedIn.includes(true) : !allowedIn.includes(false);
};
