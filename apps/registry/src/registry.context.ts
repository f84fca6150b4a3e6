import type { Inbox } from '@dsem/messaging';
import type { ServiceContext } from '@dsem/service-host';
import type { DefinitionStore } from './definition/definition.store.js';

/** Nest token of the registry's own context. */
export const REGISTRY = Symbol('dsem:registry');

/** What the registry's handlers work with. */
export interface Registry {
  readonly service: ServiceContext;
  readonly inbox: Inbox;
  readonly definitions: DefinitionStore;
}
