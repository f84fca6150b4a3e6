import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../agent.context.js';
import type { ServedEnvironment } from '../config.js';
import { runTaken } from './run.js';

/** Runs what the spool holds: one command at a time per environment, environments side by side. */
export interface ExecutionQueue {
  /** Looks for new work; cheap, may be called at any time. */
  readonly wake: () => void;
  /**
   * Lets each statement in hand end, then stops between two steps; false when some had not ended within that many ms.
   * Such a statement goes on in its database, and the next process waits for it and judges it by the catalogue.
   */
  readonly stop: (withinMs?: number) => Promise<boolean>;
}

/** Starts with whatever an earlier process left unfinished. */
export const startQueue = (agent: Agent): ExecutionQueue => {
  const ending = new AbortController();
  const busy = new Map<string, Promise<void>>();
  const work = async (environment: ServedEnvironment): Promise<void> => {
    for (;;) {
      const next = agent.spool.open().find((taken) => taken.environment === environment.name);
      if (next === undefined || ending.signal.aborted) return;
      if (await runTaken(agent, environment, next, ending.signal)) agent.spool.finish(next.execution);
    }
  };
  const wake = (): void => {
    for (const environment of agent.config.environments) {
      if (busy.has(environment.name) || ending.signal.aborted) continue;
      const running = work(environment)
        .catch((error: unknown) => agent.logger.error({ err: error }, 'the execution queue failed'))
        .finally(() => busy.delete(environment.name));
      busy.set(environment.name, running);
    }
  };
  wake();
  return {
    wake,
    stop: async (withinMs) => {
      ending.abort();
      const ended = Promise.all(busy.values()).then(() => true);
      if (withinMs === undefined) return ended;
      const isOver = await Promise.race([ended, sleep(withinMs, false, { ref: false })]);
      const environments = [...busy.keys()];
      if (!isOver) agent.logger.warn({ environments }, 'statements that still run are left to the next process');
      return isOver;
    },
  };
};
