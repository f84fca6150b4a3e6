import { ApiProblem, type Action } from '@dsem/api';
import { actorOf, reachesAsFar, type Principal } from '@dsem/authz';

/**
 * A caller whose key is narrowed hands on, or ends, no key that reaches further.
 * @throws ApiProblem DSEM-5105
 */
export const assertReach = (principal: Principal, action: Action, key: Parameters<typeof reachesAsFar>[1]): void => {
  if (reachesAsFar(principal, key)) return;
  const own = [
    ...(principal.scopes === undefined ? [] : [`the scopes ${principal.scopes.join(', ')}`]),
    ...(principal.environments === undefined ? [] : [`the environments ${principal.environments.join(', ')}`]),
  ].join(' and ');
  const said = `${actorOf(principal)} is limited to ${own}, and the key reaches further`;
  throw new ApiProblem('DSEM-5105', said, { extra: { action } });
};
