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

/** Whether the principal's scopes, if it has any, cover the action. */
export const inScope = (principal: Principal, action: Action): boolean =>
  principal.scopes === undefined ||
  principal.scopes.includes(action) ||
  principal.scopes.includes(`${action.split(':')[0] ?? ''}:*`);
