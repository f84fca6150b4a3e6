import { describeWithServer, server, surviving, type PostgresServer } from '@dsem/testkit';
import pg from 'pg';
import { sampleEvent } from './contract.js';
import { migrateEventStore } from './migrations.js';
import { postgresEventStore } from './postgres.js';
import { startProjection } from './projection.js';

describeWithServer('postgresql', 'an event store whose server crashes', () => {
  const schema = 'crashing';
  let crashing: PostgresServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    crashing = await server('postgresql', { own: true });
    pool = surviving(new pg.Pool({ connectionString: crashing.url, max: 8, connectionTimeoutMillis: 2000 }));
    await migrateEventStore(pool, { schema });
    await pool.query(`CREATE TABLE ${schema}.seen (position bigint PRIMARY KEY)`);
  }, 120_000);
  afterAll(async () => {
    await pool.end();
    await crashing.stop('SIGQUIT');
  });

  /** Appends one event after the other, each until it is acknowledged. */
  const write = async (stream: string, count: number, acknowledged: bigint[]): Promise<void> => {
    const store = postgresEventStore({ pool, schema });
    for (let version = 0; version < count;) {
      const event = sampleEvent(version);
      for (;;) {
        const result = await store.append(stream, version, [event]).catch(() => undefined);
        if (result === undefined) continue;
        acknowledged.push(...result.events.map(({ position }) => position));
        version = result.streamVersion;
        break;
      }
    }
  };

  it('keeps what was acknowledged, without a gap, and its projection goes on by itself', async () => {
    const store = postgresEventStore({ pool, schema });
    const projection = await startProjection({
      name: 'seen',
      store,
      pool,
      schema,
      apply: async ({ position }, client) =>
        void (await client.query(`INSERT INTO ${schema}.seen VALUES ($1)`, [position])),
      reset: async (client) => void (await client.query(`TRUNCATE ${schema}.seen`)),
    });
    const acknowledged: bigint[] = [];
    const writing = Promise.all(['a', 'b', 'c'].map((stream) => write(stream, 400, acknowledged)));
    for (const threshold of [200, 600]) {
      while (acknowledged.length < threshold) await new Promise((resolve) => setTimeout(resolve, 5));
      await crashing.stop('SIGQUIT');
      await crashing.start();
    }
    await writing;
    const all = await store.readAll(0n, 10_000);
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 1200 }, (_, i) => BigInt(i + 1)));
    expect(acknowledged.sort((x, y) => Number(x - y))).toEqual(all.map(({ position }) => position));
    expect(await projection.waitFor(1200n, 30_000)).toBe(true);
    expect((await pool.query(`SELECT FROM ${schema}.seen`)).rowCount).toBe(1200);
    await projection.stop();
  }, 120_000);
});
