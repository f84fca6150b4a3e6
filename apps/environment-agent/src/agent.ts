import { randomUUID, type KeyObject } from 'node:crypto';
import { driverFor } from '@dsem/catalogue/drivers';
import type { Bus, ParkingLot } from '@dsem/messaging';
import type { HealthCheck, ImmutableClient } from '@dsem/service-host';
import type { Logger } from 'pino';
import type { Agent } from './agent.context.js';
import type { AgentConfig } from './config.js';
import type { Limits } from './execution/execute.js';
import { startOnExecutePlan } from './execution/execute-plan.consumer.js';
import { failpointFrom } from './execution/failpoint.js';
import { startQueue } from './execution/queue.js';
import { startHeartbeat } from './health/heartbeat.job.js';
import { startRelay } from './relay.js';
import { openSpool } from './spool.js';

/** What a composition gives an agent. */
export interface AgentOptions {
  readonly config: AgentConfig;
  readonly bus: Bus;
  /** The bus's own: what lies there is told with each heartbeat. */
  readonly letters: Pick<ParkingLot, 'counts' | 'list'>;
  readonly controlPlane: ImmutableClient;
  readonly approvalKey: KeyObject;
  /** File of the agent's spool. */
  readonly spool: string;
  readonly logger: Logger;
  readonly clock?: () => Date;
  /** Default 10 s. */
  readonly heartbeatMs?: number;
  readonly limits?: Partial<Limits>;
  /** A fault campaign's wish, such as `agent.after-intent:kill`. */
  readonly failpoint?: string;
}

/** A running agent. */
export interface RunningAgent {
  readonly checks: readonly HealthCheck[];
  /** Lets statements in hand end, all of them, or for so many ms where the process ends afterwards. */
  readonly stop: (withinMs?: number) => Promise<void>;
}

/** How long statements in hand are waited for when the process is to end, ms: less than the host's limit for a drain. */
export const handOverMs = 5_000;

const agentOf = (options: AgentOptions): Agent => ({
  config: options.config,
  spool: openSpool(options.spool),
  bus: options.bus,
  letters: options.letters,
  controlPlane: options.controlPlane,
  approvalKey: options.approvalKey,
  driverFor,
  failpoint: failpointFrom(options.failpoint),
  limits: options.limits ?? {},
  logger: options.logger,
  clock: options.clock ?? (() => new Date()),
  newId: randomUUID,
});

/** Starts an agent: it goes on with what it left unfinished, then takes on new commands. */
export const startAgent = async (options: AgentOptions): Promise<RunningAgent> => {
  const agent = agentOf(options);
  const relay = startRelay(agent);
  const queue = startQueue(agent);
  const commands = await startOnExecutePlan(agent, queue);
  const heartbeat = startHeartbeat(agent, options.heartbeatMs ?? 10_000);
  const bus = async (): Promise<void> => {
    if (!(await agent.bus.healthy())) throw new Error('the bus does not answer');
  };
  return {
    checks: [{ name: 'environment-agent.bus', check: bus }],
    stop: async (withinMs) => {
      await heartbeat.stop();
      await commands.stop();
      const isOver = await queue.stop(withinMs);
      await relay.stop();
      // What still runs tells the spool how it goes until the process ends.
      if (isOver) agent.spool.close();
    },
  };
};
