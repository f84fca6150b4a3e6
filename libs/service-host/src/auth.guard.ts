import { ApiProblem, type Action, type RouteSpec } from '@dsem/api';
import { can, inScope, mayEver, whoMay, type AccessContext, type Principal } from '@dsem/authz';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Authenticator } from './authenticator.js';
import { routeMetadata, stateOf } from './route-request.js';

const bearerOf = (request: FastifyRequest): { bearer?: string } => {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer === undefined ? {} : { bearer };
};

/**
 * Proves who asks and whether the route's policy lets them in; undefined where the route is public.
 * @throws ApiProblem 51xx
 */
export const admitTo = async (
  route: RouteSpec,
  request: FastifyRequest,
  authenticator: Authenticator,
): Promise<Principal | undefined> => {
  if ('public' in route.policy) return undefined;
  const principal = await authenticator.authenticate(bearerOf(request));
  if (principal === undefined) throw new ApiProblem('DSEM-5101', `${route.method} ${route.path} needs a key`);
  if (!mayEver(principal, route.policy.action)) throw denied(principal, route.policy.action);
  return principal;
};

/** Refuses unless the route's policy lets the caller in; a handler without a route is refused to everybody. */
export class AuthGuard implements CanActivate {
  constructor(readonly authenticator: Authenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(routeMetadata, context.getHandler()) as RouteSpec | undefined;
    if (route === undefined) throw new ApiProblem('DSEM-5105', 'the handler has no policy');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const known = stateOf(request).principal;
    const principal = known ?? (await admitTo(route, request, this.authenticator));
    if (principal !== undefined) stateOf(request).principal = principal;
    return true;
  }
}

/** What keeps a key from it that a role would allow: its scopes or its environments. */
const keptBy = (principal: Principal, action: Action, environment: string | undefined): string | undefined => {
  const { scopes, environments } = principal;
  if (!inScope(principal, action)) return `its key is limited to the scopes ${scopes?.join(', ')}`;
  if (environment === undefined || environments === undefined || environments.includes(environment)) return undefined;
  return `its key is limited to the environments ${environments.join(', ')}`;
};

const denied = (
  principal: Principal,
  action: Action,
  { environment, loosens, forced }: AccessContext = {},
): ApiProblem => {
  const where = environment === undefined ? '' : ` in ${environment}`;
  const much = loosens === true ? ', which would loosen its policy' : '';
  const hard = forced === true ? ' by force' : '';
  const kept = keptBy(principal, action, environment);
  const said = `${principal.kind} ${principal.id} may not do ${action}${where}${much}${hard}`;
  const why = kept === undefined ? '' : ` (${kept})`;
  return new ApiProblem('DSEM-5105', `${said}${why}; roles that may: ${whoMay(action)}`, { extra: { action } });
};

/**
 * Asks again once the handler knows what the action is about (environment, author).
 * @throws ApiProblem DSEM-5105
 */
export const authorize = (principal: Principal, action: Action, context: AccessContext): void => {
  if (!can(principal, action, context)) throw denied(principal, action, context);
};
