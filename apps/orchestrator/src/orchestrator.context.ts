import type { KeyObject } from 'node:crypto';
import type { Inbox } from '@dsem/messaging';
import type { ImmutableClient, ServiceContext } from '@dsem/service-host';
import type { Breakers } from './rollout/breaker.js';

/** Nest token of the orchestrator's own context. */
export const ORCHESTRATOR = Symbol('dsem:orchestrator');

/** What the orchestrator's handlers work with. */
export interface Orchestrator {
  readonly service: ServiceContext;
  readonly inbox: Inbox;
  /** Reads definitions from the registry. */
  readonly registry: ImmutableClient;
  /** Asks the validator for verdicts. */
  readonly validator: ImmutableClient;
  /** Ed25519 private key that signs approvals; agents know its public half. */
  readonly approvalKey: KeyObject;
  readonly breakers: Breakers;
}
