import pg, { type Pool } from 'pg';
import { surviving } from './connection.js';
import type { StoredEvent } from './event-store.js';
import { eventsChannel, quoted } from './migrations.js';
import type { Outbox, OutboxSession } from './outbox.js';
import { eventColumns, toStored, type PostgresEventStoreOptions } from './postgres.js';
import { listenTo } from './signal.js';
import { upcasting } from './upcast.js';

const leadershipSql = (schema: string): string =>
  `SELECT pg_try_advisory_lock(hashtext(${pg.escapeLiteral(`dsem-outbox:${schema}`)})) AS led`;

const connected = async (pool: Pool): Promise<pg.Client> => {
  const client = surviving(new pg.Client(pool.options));
  await client.connect();
  return client;
};

const session = async (
  pool: Pool,
  client: pg.Client,
  schema: string,
  current: (event: StoredEvent) => StoredEvent,
): Promise<OutboxSession> => {
  const signal = await listenTo(pool, eventsChannel(schema));
  const s = quoted(schema);
  const pendingSql = `SELECT ${eventColumns} FROM ${s}.outbox o JOIN ${s}.events e USING (position) ORDER BY position LIMIT $1`;
  return {
    pending: async (limit) => (await client.query(pendingSql, [limit])).rows.map((row) => current(toStored(row))),
    acknowledge: async (upTo) => void (await client.query(`DELETE FROM ${s}.outbox WHERE position <= $1`, [upTo])),
    wait: (ms) => signal.wait(ms),
    release: async () => {
      await signal.close();
      await client.end().catch(() => undefined);
    },
  };
};

/**
 * The outbox of a PostgreSQL store. Leadership is a lock of the session that also acknowledges: who lost the one cannot
 * do the other. Uses one session of its own beside the pool while it leads.
 */
export const postgresOutbox = ({ pool, schema, upcasters }: PostgresEventStoreOptions): Outbox => {
  const current = upcasting(upcasters);
  return {
    lead: async () => {
      const client = await connected(pool);
      try {
        const { rows } = await client.query<{ led: boolean }>(leadershipSql(schema));
        if (rows[0]?.led === true) return await session(pool, client, schema, current);
      } catch (error) {
        await client.end().catch(() => undefined);
        throw error;
      }
      await client.end();
      return undefined;
    },
    backlog: async () => {
      const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${quoted(schema)}.outbox`);
      return rows[0]?.n ?? 0;
    },
  };
};
