import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@dsem/events';
import type { Agent } from './agent.context.js';

const idleMs = 100;
const longestPauseMs = 5000;

const deliver = async (agent: Agent): Promise<number> => {
  const events = agent.spool.pending(100);
  const last = events.at(-1);
  if (last === undefined) return 0;
  await agent.bus.publish(events.map(({ key, envelope }) => ({ topic: topics.agent, key, envelope })));
  agent.spool.delivered(last.seq);
  return events.length;
};

/** Brings spooled events to the bus in order, for as long as it takes: the control plane may be gone meanwhile. */
export const startRelay = (agent: Agent): { readonly stop: () => Promise<void> } => {
  const ending = new AbortController();
  const run = async (): Promise<void> => {
    let pause = idleMs;
    while (!ending.signal.aborted) {
      try {
        const delivered = await deliver(agent);
        pause = delivered > 0 ? 0 : idleMs;
      } catch (error) {
        pause = Math.min(longestPauseMs, Math.max(idleMs, pause * 2));
        agent.logger.warn({ err: error }, 'events could not be delivered; it is tried again');
      }
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await deliver(agent).catch(() => 0);
  };
  const running = run();
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
};
