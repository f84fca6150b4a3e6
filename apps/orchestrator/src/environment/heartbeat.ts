import { handleCommand, loadState, type EventMetadata } from '@dsem/event-store';
import { streams, type agentHeartbeat } from '@dsem/events';
import type { Orchestrator } from '../orchestrator.context.js';
import { keepLetters } from './agent-letters.js';
import { environment } from './environment.js';

export type Heartbeat = ReturnType<typeof agentHeartbeat.of>;
type Beat = Heartbeat['data']['environments'][number];

const upsert = `INSERT INTO agent_status
    (environment, agent, seen_at, reachable, server_version, latency_ms, digest, problem)
  VALUES ($1, $2, now(), $3, $4, $5, $6, $7)
  ON CONFLICT (environment) DO UPDATE SET agent = $2, seen_at = now(), reachable = $3,
    server_version = coalesce($4, agent_status.server_version), latency_ms = $5,
    digest = coalesce($6, agent_status.digest), problem = $7`;

const attach = async (
  orchestrator: Orchestrator,
  agent: string,
  beat: Beat,
  metadata: EventMetadata,
): Promise<void> => {
  const { store } = orchestrator.service;
  const stream = streams.environment(beat.environment);
  const { state } = await loadState(store, environment, stream);
  if (!state.exists || state.retired || !beat.reachable) return;
  if (state.agent === agent && state.serverVersion === beat.serverVersion) return;
  const command = { kind: 'attach-agent', agent, serverVersion: beat.serverVersion } as const;
  await handleCommand(store, environment, stream, command, { metadata });
};

/** A sign of life: kept as telemetry; only an agent that is new for its environment is an event. */
export const heardHeartbeat = async (
  orchestrator: Orchestrator,
  data: Heartbeat['data'],
  metadata: EventMetadata,
): Promise<void> => {
  await keepLetters(orchestrator.service.pool, data.agent, data.deadLetters);
  for (const beat of data.environments) {
    const {
      environment: name,
      reachable,
      serverVersion = null,
      latencyMs = null,
      digest = null,
      problem = null,
    } = beat;
    await orchestrator.service.pool.query(upsert, [
      name,
      data.agent,
      reachable,
      serverVersion,
      latencyMs,
      digest,
      problem,
    ]);
    await attach(orchestrator, data.agent, beat, metadata);
  }
};
