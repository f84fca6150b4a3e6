import { tables } from '@dsem/service-host';
import type { PostgresTransaction, StoredEvent } from '@dsem/event-store';
import type { EnvironmentEvent } from '@dsem/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { environment, type EnvironmentState } from './environment.js';

/** Read model: one row per environment. */
@Entity({ name: 'environments' })
export class EnvironmentRow {
  @PrimaryColumn('text') name!: string;
  @Column('text') type!: string;
  @Column('text', { nullable: true }) region!: string | null;
  @Column('boolean') retired!: boolean;
  @Column('jsonb') state!: EnvironmentState;
  /** When each subject's revision was recorded. */
  @Column('jsonb') recorded!: Record<string, string>;
}

export const environmentTables = tables('environments', [
  `CREATE TABLE environments (
      name text PRIMARY KEY, type text NOT NULL, region text, retired boolean NOT NULL DEFAULT false,
      state jsonb NOT NULL, recorded jsonb NOT NULL DEFAULT '{}');
    CREATE TABLE agent_status (
      environment text PRIMARY KEY, agent text NOT NULL, seen_at timestamptz NOT NULL, reachable boolean NOT NULL,
      server_version text, latency_ms double precision, digest text, problem text)`,
  `CREATE TABLE agent_letters (agent text PRIMARY KEY, told_at timestamptz NOT NULL, letters jsonb NOT NULL)`,
]);

const upsert = `INSERT INTO environments (name, type, region, retired, state, recorded) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (name) DO UPDATE SET type = $2, region = $3, retired = $4, state = $5, recorded = $6`;

/** Writes one event of an environment into the read model. */
export const projectEnvironment = async (
  stored: StoredEvent,
  event: EnvironmentEvent,
  client: PostgresTransaction,
): Promise<void> => {
  const name = event.data.environment;
  const select = 'SELECT state, recorded FROM environments WHERE name = $1';
  const { rows } = await client.query<Pick<EnvironmentRow, 'state' | 'recorded'>>(select, [name]);
  const before = rows[0] ?? { state: environment.initialState, recorded: {} };
  const state = environment.evolve(before.state, event);
  const told = event.type === 'RevisionRecorded' ? { [event.data.subject]: stored.time } : {};
  const recorded = JSON.stringify({ ...before.recorded, ...told });
  await client.query(upsert, [name, state.type, state.region ?? null, state.retired, JSON.stringify(state), recorded]);
};
