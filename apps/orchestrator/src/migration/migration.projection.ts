import { tables } from '@dsem/service-host';
import type { PostgresTransaction, StoredEvent } from '@dsem/event-store';
import type { MigrationEvent, RolloutEvent } from '@dsem/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { evolve as evolveRollout, initialState as noRollout, type RolloutState } from '../rollout/rollout-state.js';
import { migration, type MigrationState } from './migration.js';
import { statusOf } from './migration.view.js';

/** Read model: one row per migration, with both states folded. */
@Entity({ name: 'migrations' })
export class MigrationRow {
  @PrimaryColumn('text') id!: string;
  @Column('bigint') position!: string;
  @Column('text') schema!: string;
  @Column('text', { array: true }) environments!: string[];
  @Column('text') status!: string;
  @Column('text') author!: string;
  @Column('text') created!: string;
  @Column('jsonb') state!: MigrationState;
  @Column('jsonb', { nullable: true }) rollout!: RolloutState | null;
  @Column('text', { nullable: true }) bake_until!: string | null;
}

export const migrationTables = tables('migrations', [
  `CREATE TABLE migrations (
      id text PRIMARY KEY, position bigint NOT NULL UNIQUE, schema text NOT NULL, environments text[] NOT NULL,
      status text NOT NULL, author text NOT NULL, created text NOT NULL, state jsonb NOT NULL, rollout jsonb,
      bake_until text);
    CREATE INDEX migrations_status ON migrations (status);
    CREATE TABLE target_progress (
      rollout text NOT NULL, environment text NOT NULL, attempt integer NOT NULL, index integer NOT NULL,
      of integer NOT NULL, object text NOT NULL, state text NOT NULL, problem text,
      PRIMARY KEY (rollout, environment))`,
  `CREATE INDEX migrations_plans ON migrations USING gin ((state -> 'plans') jsonb_path_ops)`,
  `ALTER TABLE target_progress ADD COLUMN begun integer`,
]);

const drafted = async (
  stored: StoredEvent,
  event: Extract<MigrationEvent, { type: 'MigrationDrafted' }>,
  client: PostgresTransaction,
): Promise<void> => {
  const insert = `INSERT INTO migrations (id, position, schema, environments, status, author, created, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
  const state = migration.evolve(migration.initialState, event);
  const { migration: id, subject, environments } = event.data;
  const told = [stored.metadata.actor, stored.time, JSON.stringify(state)];
  await client.query(insert, [id, stored.position, subject, environments, statusOf(state, undefined), ...told]);
};

const select = 'SELECT state, rollout FROM migrations WHERE id = $1';
const update = 'UPDATE migrations SET status = $2, state = $3, rollout = $4, bake_until = $5 WHERE id = $1';

const fold = async (
  id: string,
  client: PostgresTransaction,
  change: (state: MigrationState, rollout: RolloutState | null) => [MigrationState, RolloutState | null],
): Promise<void> => {
  const { rows } = await client.query<Pick<MigrationRow, 'state' | 'rollout'>>(select, [id]);
  const row = rows[0];
  if (row === undefined) return;
  const [state, rollout] = change(row.state, row.rollout);
  const bakeUntil = rollout?.status === 'baking' ? (rollout.bakeUntil ?? null) : null;
  const folded = [JSON.stringify(state), rollout === null ? null : JSON.stringify(rollout)];
  await client.query(update, [id, statusOf(state, rollout ?? undefined), ...folded, bakeUntil]);
};

/** Writes one event of a migration into the read model. */
export const projectMigration = async (
  stored: StoredEvent,
  event: MigrationEvent,
  client: PostgresTransaction,
): Promise<void> => {
  if (event.type === 'MigrationDrafted') return drafted(stored, event, client);
  await fold(event.data.migration, client, (state, rollout) => [migration.evolve(state, event), rollout]);
};

/** Writes one event of a rollout into the read model of its migration. */
export const projectRollout = (event: RolloutEvent, client: PostgresTransaction): Promise<void> =>
  fold(event.data.migration, client, (state, rollout) => [state, evolveRollout(rollout ?? noRollout, event)]);
