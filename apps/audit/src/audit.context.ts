import type { Signer } from '@dsem/ledger';
import type { OpenedService } from '@dsem/service-host';

/** Nest token of the audit service's own context. */
export const AUDIT = Symbol('dsem:audit');

/** What the audit service's handlers work with. */
export interface Audit {
  readonly service: OpenedService;
  /** Signs checkpoints and exports; its private key stands apart from the database. */
  readonly signer: Signer;
  /** The ledger's name in checkpoints. */
  readonly origin: string;
}
