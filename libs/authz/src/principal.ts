import type { Action, Role } from '@dsem/api';

/** Who asks, as an authenticator proved it. */
export interface Principal {
  readonly id: string;
  readonly kind: 'person' | 'key' | 'service' | 'agent';
  readonly tenant: string;
  readonly roles: readonly Role[];
  /** When present, narrows the roles to these actions; `migration:*` covers a family. */
  readonly scopes?: readonly string[];
  /** When present, the only environments this principal may touch (an agent has exactly its own). */
  readonly environments?: readonly string[];
}

/** The principal as events and logs name it: `key:3f2a…`. */
export const actorOf = (principal: Principal): string => `${principal.kind}:${principal.id}`;

const familyOf = (action: string): string => `${action.split(':')[0] ?? ''}:*`;

/** Whether the principal's scopes, if it has any, cover the action. */
export const inScope = (principal: Principal, action: Action): boolean =>
  principal.scopes === undefined || principal.scopes.includes(action) || principal.scopes.includes(familyOf(action));

const within = (
  wished: readonly string[] | undefined,
  own: readonly string[] | undefined,
  covers: (one: string) => boolean,
) => own === undefined || wished?.every(covers) === true;

/** Whether scopes and environments of a key are no wider than the principal's own; absent ones are the widest. */
export const reachesAsFar = (
  { scopes, environments }: Principal,
  key: { readonly scopes?: readonly string[] | undefined; readonly environments?: readonly string[] | undefined },
): boolean =>
  within(key.scopes, scopes, (scope) => scopes?.some((own) => own === scope || own === familyOf(scope)) === true) &&
  within(key.environments, environments, (name) => environments?.includes(name) === true);
