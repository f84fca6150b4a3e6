import type { AgentLetters } from '@dsem/api';
import type { agentHeartbeat } from '@dsem/events';
import type { Pool } from 'pg';

type Waiting = ReturnType<typeof agentHeartbeat.of>['data']['deadLetters'];

const upsert = `INSERT INTO agent_letters (agent, told_at, letters) VALUES ($1, now(), $2)
  ON CONFLICT (agent) DO UPDATE SET told_at = now(), letters = $2`;

/** Keeps what an agent tells of its dead letters; an agent that tells nothing changes nothing. */
export const keepLetters = async (pool: Pool, agent: string, waiting: Waiting): Promise<void> => {
  if (waiting === undefined) return;
  if (waiting.total === 0) await pool.query('DELETE FROM agent_letters WHERE agent = $1', [agent]);
  else await pool.query(upsert, [agent, JSON.stringify(waiting)]);
};

interface Row {
  readonly agent: string;
  readonly told_at: Date;
  readonly letters: Pick<AgentLetters, 'total' | 'oldest'>;
}

/** What is asked: one agent or all of them, behind a name, at most so many. */
export interface LettersAsked {
  readonly agent?: string | undefined;
  readonly after?: string | undefined;
  readonly take: number;
}

/** The agents with dead letters, by name. */
export const keptLetters = async (pool: Pool, { agent, after, take }: LettersAsked): Promise<AgentLetters[]> => {
  const select = `SELECT agent, told_at, letters FROM agent_letters
    WHERE ($1::text IS NULL OR agent = $1) AND ($2::text IS NULL OR agent > $2) ORDER BY agent LIMIT $3`;
  const { rows } = await pool.query<Row>(select, [agent ?? null, after ?? null, take]);
  return rows.map((row) => ({ agent: row.agent, told: row.told_at.toISOString(), ...row.letters }));
};
