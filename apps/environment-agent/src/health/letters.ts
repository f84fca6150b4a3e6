import type { agentHeartbeat } from '@dsem/events';
import { redact } from '@dsem/service-host';
import type { Agent } from '../agent.context.js';

type Waiting = NonNullable<ReturnType<typeof agentHeartbeat.of>['data']['deadLetters']>;

/** How many letters a heartbeat tells, the oldest first: it is sent every few seconds. */
const told = 20;
/** How many characters of a cause it tells. */
const toldCause = 500;

/** Whose letters an agent's are, in its parking lot. */
export const consumerOf = (agent: string): string => `agent-${agent}`;

/** What the agent could not handle: it takes no requests, so it tells this by itself. */
export const waitingLetters = async ({ config, letters }: Pick<Agent, 'config' | 'letters'>): Promise<Waiting> => {
  const consumer = consumerOf(config.agent);
  const counted = (await letters.counts()).find((count) => count.consumer === consumer);
  const oldest = await letters.list({ consumer, take: told });
  return {
    total: counted?.letters ?? 0,
    oldest: oldest.map(({ id, topic, key, cause, at }) => ({
      id,
      topic,
      key,
      cause: redact(cause).slice(0, toldCause).toWellFormed(),
      at,
    })),
  };
};
