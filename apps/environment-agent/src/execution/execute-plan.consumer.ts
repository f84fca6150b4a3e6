import { executePlan, executionRefused, openEnvelope, topics, type ExecutePlan } from '@dsem/events';
import type { Subscription } from '@dsem/messaging';
import type { Agent } from '../agent.context.js';
import { consumerOf } from '../health/letters.js';
import type { ExecutionQueue } from './queue.js';
import { tell } from './tell.js';

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
      if (!own.has(data.environment)) return;
      const { execution, rollout, migration, environment, attempt, direction, expires } = data;
      if (!agent.spool.take({ execution, environment, command: envelope })) return;
      if (Date.parse(expires) < agent.clock().getTime()) {
        const about = { execution, rollout, migration, environment, attempt, direction };
        const why = `The command expired at ${expires}; it was not begun.`;
        tell(agent, envelope, execution, executionRefused.of({ ...about, code: 'EXPIRED', why }));
        agent.spool.finish(execution);
        return;
      }
      queue.wake();
    },
  });
};
