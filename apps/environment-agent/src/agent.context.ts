import type { KeyObject } from 'node:crypto';
import type { Driver } from '@dsem/engine';
import type { EngineName } from '@dsem/schema';
import type { Bus, ParkingLot } from '@dsem/messaging';
import type { ImmutableClient } from '@dsem/service-host';
import type { Logger } from 'pino';
import type { AgentConfig } from './config.js';
import type { Failpoint } from './execution/failpoint.js';
import type { Limits } from './execution/execute.js';
import type { Spool } from './spool.js';

/** What the agent's parts work with. */
export interface Agent {
  readonly config: AgentConfig;
  readonly spool: Spool;
  readonly bus: Bus;
  /** Where commands lie that could not be handled. */
  readonly letters: Pick<ParkingLot, 'counts' | 'list'>;
  /** Reads plans from the control plane, through the gateway. */
  readonly controlPlane: ImmutableClient;
  /** The orchestrator's public key: whose approvals count. */
  readonly approvalKey: KeyObject;
  readonly driverFor: (engine: EngineName) => Promise<Driver>;
  readonly failpoint: Failpoint;
  readonly limits: Partial<Limits>;
  readonly logger: Logger;
  readonly clock: () => Date;
  readonly newId: () => string;
}
