import type { Action } from '@dsem/api';

export const roles = ['administrator', 'developer', 'approver', 'operator', 'auditor', 'agent'] as const;
/** What somebody is in the product; one may hold several. */
export type Role = (typeof roles)[number];

/** Who asks, as an authenticator proved it. */
export interface Principal {
  readonly id: string;
  readonly kind: 'person' | 'key' | 'service' | 'agent';
  readonly tenant: string;
  readonly roles: readonly Role[];
  /** When present, narrows the roles to these actions; `migration:*` covers a family. */
  readonly scopes?: readonly (Action | `${string}:*`)[];
  /** When present, the only environments this principal may touch (an agent has exactly its own). */
  readonly environments?: readonly string[];
}

/** The principal as events and logs name it: `key:3f2a…`. */
export const actorOf = (principal: Principal): string => `${principal.kind}:${principal.id}`;
