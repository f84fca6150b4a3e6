import { setTimeout as sleep } from 'node:timers/promises';
import { agentHeartbeat, streams, topics, typeName } from '@dsem/events';
import type { Agent } from '../agent.context.js';
import type { ServedEnvironment } from '../config.js';
import { waitingLetters } from './letters.js';

type Beat = ReturnType<typeof agentHeartbeat.of>['data']['environments'][number];

const probe = async (agent: Agent, { name, engine, url }: ServedEnvironment): Promise<Beat> => {
  const start = performance.now();
  try {
    const driver = await agent.driverFor(engine);
    const session = await driver.connect(url, { applicationName: 'dsem:heartbeat', connectTimeoutMs: 5000 });
    await session.close();
    const latencyMs = Math.round((performance.now() - start) * 10) / 10;
    return { environment: name, reachable: true, serverVersion: session.serverVersion, latencyMs };
  } catch (error) {
    return { environment: name, reachable: false, problem: error instanceof Error ? error.message : String(error) };
  }
};

const beat = async (agent: Agent): Promise<void> => {
  const environments = await Promise.all(agent.config.environments.map((each) => probe(agent, each)));
  const deadLetters = await waitingLetters(agent).catch((error: unknown) => {
    agent.logger.warn({ err: error }, 'dead letters could not be looked up');
    return undefined;
  });
  const waiting = deadLetters === undefined ? {} : { deadLetters };
  const event = agentHeartbeat.of({ agent: agent.config.agent, environments, ...waiting });
  const stream = streams.agent(agent.config.agent);
  const id = agent.newId();
  const envelope = {
    specversion: '1.0' as const,
    id,
    source: `dsem/agent/${agent.config.agent}`,
    type: typeName(event.type, event.version),
    subject: stream,
    time: agent.clock().toISOString(),
    datacontenttype: 'application/json' as const,
    sequence: 0,
    tenant: 'default',
    actor: `agent:${agent.config.agent}`,
    correlationid: id,
    causationid: id,
    data: event.data,
  };
  await agent.bus.publish([{ topic: topics.agent, key: stream, envelope }]);
};

/** Tells now and then that the agent is there and how its databases answer. Telemetry: a lost one is no loss. */
export const startHeartbeat = (agent: Agent, everyMs: number): { readonly stop: () => Promise<void> } => {
  const ending = new AbortController();
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await beat(agent).catch((error: unknown) => agent.logger.warn({ err: error }, 'no heartbeat could be sent'));
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
};
