import {
  commandDigest,
  executePlan,
  executionRefused,
  openEnvelope,
  topics,
  type Envelope,
  type ExecutePlan,
} from '@dsem/events';
import type { Subscription } from '@dsem/messaging';
import type { Agent } from '../agent.context.js';
import { consumerOf } from '../health/letters.js';
import { refusalOf } from './approval.js';
import type { ExecutionQueue } from './queue.js';
import { tell } from './tell.js';

/**
 * Takes a command on, once. What is not the orchestrator's own is refused before that: whoever may write to the topic
 * could else use up the id of a genuine execution, which would never run.
 */
const takeOn = async (agent: Agent, envelope: Envelope, data: ExecutePlan['data']): Promise<boolean> => {
  const { execution, rollout, migration, environment, attempt, direction, expires } = data;
  const about = { execution, rollout, migration, environment, attempt, direction };
  const refusal = await refusalOf(data, agent.approvalKey);
  if (refusal !== undefined) {
    const command = commandDigest(envelope.data);
    agent.logger.warn({ ...about, ...refusal }, 'a command was refused');
    tell(agent, envelope, execution, executionRefused.of({ ...about, ...refusal, command }));
    return false;
  }
  if (!agent.spool.take({ execution, environment, command: envelope })) return false;
  if (Date.parse(expires) >= agent.clock().getTime()) return true;
  const why = `The command expired at ${expires}; it was not begun.`;
  tell(agent, envelope, execution, executionRefused.of({ ...about, code: 'EXPIRED', why }));
  agent.spool.finish(execution);
  return false;
};

/** Takes on commands for the agent's own environments; long work is done by the queue, not in the delivery. */
export const startOnExecutePlan = (agent: Agent, queue: ExecutionQueue): Promise<Subscription> => {
  const own = new Set(agent.config.environments.map((environment) => environment.name));
  return agent.bus.subscribe({
    consumer: consumerOf(agent.config.agent),
    topics: [topics.agentCommands],
    onError: (error) => agent.logger.warn({ err: error }, 'a command could not be taken on'),
    onParked: ({ key, cause }) => agent.logger.error({ key, cause }, 'a command was parked'),
    handler: async ({ envelope }) => {
      const event = openEnvelope(envelope);
      if (event.type !== executePlan.type) return;
      const { data } = event as ExecutePlan;
      if (own.has(data.environment) && (await takeOn(agent, envelope, data))) queue.wake();
    },
  });
};
