import type { ServiceContext } from '@dsem/service-host';
import type { KeyDirectory } from './identity/key-directory.js';

/** Nest token of the gateway's own context. */
export const GATEWAY = Symbol('dsem:gateway');

/** What the gateway's handlers work with. */
export interface Gateway {
  readonly service: ServiceContext;
  readonly keys: KeyDirectory;
}
