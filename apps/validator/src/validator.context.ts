import type { Inbox } from '@dsem/messaging';
import type { ImmutableClient, ServiceContext } from '@dsem/service-host';

/** Nest token of the validator's own context. */
export const VALIDATOR = Symbol('dsem:validator');

/** What the validator's handlers work with. */
export interface Validator {
  readonly service: ServiceContext;
  readonly inbox: Inbox;
  /** Reads definitions from the registry. */
  readonly registry: ImmutableClient;
}
