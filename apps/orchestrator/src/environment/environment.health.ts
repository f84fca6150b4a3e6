import type { environmentRoutes, RouteOutput } from '@dsem/api';
import type { Orchestrator } from '../orchestrator.context.js';
import type { EnvironmentState } from './environment.js';
import { revisionsOf } from './environment.resource.js';

type Health = RouteOutput<(typeof environmentRoutes)['environmentHealth']>;

interface AgentStatus {
  readonly agent: string;
  readonly seen_at: Date;
  readonly reachable: boolean;
  readonly server_version: string | null;
  readonly latency_ms: number | null;
  readonly problem: string | null;
  readonly silent: boolean;
}

/** An agent that was silent for longer than this is taken for gone. */
const silentAfter = '60 seconds';

const statusOf = (row: AgentStatus | undefined, state: EnvironmentState): Health['status'] => {
  if (row === undefined || row.silent) return 'no-agent';
  if (!row.reachable) return 'unreachable';
  return state.breakerOpen ? 'degraded' : 'healthy';
};

/** What the agent's last sign of life says. */
export const healthOfEnvironment = async (
  orchestrator: Orchestrator,
  state: EnvironmentState,
  recorded: Readonly<Record<string, string>>,
): Promise<Health> => {
  const select = `SELECT *, seen_at < now() - interval '${silentAfter}' AS silent FROM agent_status WHERE environment = $1`;
  const { rows } = await orchestrator.service.pool.query<AgentStatus>(select, [state.name]);
  const row = rows[0];
  return {
    environment: state.name,
    status: statusOf(row, state),
    ...(row === undefined ? {} : { agent: row.agent, lastSeen: row.seen_at.toISOString() }),
    ...(row?.server_version == null ? {} : { serverVersion: row.server_version }),
    ...(row?.latency_ms == null ? {} : { latencyMs: row.latency_ms }),
    ...(row?.problem == null ? {} : { problem: row.problem }),
    breakerOpen: state.breakerOpen,
    revisions: revisionsOf(state, recorded),
  };
};
