import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { sampleEvent } from './contract.js';
import type { EventStore } from './event-store.js';
import { migrateEventStore } from './migrations.js';
import { postgresEventStore } from './postgres.js';
import { startProjection, type Projection, type ProjectionOptions } from './projection.js';

describeWithServer('postgresql', 'a projection', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: EventStore;
  let schema: string;
  let running: Projection[] = [];
  let schemas = 0;

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    pool = surviving(new pg.Pool({ connectionString: database.url, max: 5 }));
  });
  beforeEach(async () => {
    schema = `p${schemas++}`;
    await migrateEventStore(pool, { schema });
    await pool.query(`CREATE TABLE ${schema}.sums (stream text, n int)`);
    store = postgresEventStore({ pool, schema });
  });
  afterEach(async () => {
    await Promise.all(running.map((projection) => projection.stop()));
    running = [];
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const start = async (changes: Partial<ProjectionOptions> = {}): Promise<Projection> => {
    const apply: ProjectionOptions['apply'] = async (event, client) =>
      void (await client.query(`INSERT INTO ${schema}.sums VALUES ($1, $2)`, [
        event.stream,
        (event.data as { n: number }).n,
      ]));
    const reset: ProjectionOptions['reset'] = async (client) => void (await client.query(`TRUNCATE ${schema}.sums`));
    const projection = await startProjection({ name: 'sums', store, pool, schema, apply, reset, batch: 3, ...changes });
    running.push(projection);
    return projection;
  };
  const append = async (count: number): Promise<bigint> => {
    const from = (await store.readStream('s-1')).length;
    const events = Array.from({ length: count }, (_, i) => sampleEvent(from + i + 1));
    return (await store.append('s-1', from, events)).events.at(-1)?.position ?? 0n;
  };
  const rows = async (): Promise<number[]> =>
    (await pool.query<{ n: number }>(`SELECT n FROM ${schema}.sums`)).rows.map(({ n }) => n);

  it('holds every event once and in order, from before and after its start and over a restart', async () => {
    await append(4);
    const first = await start();
    expect(await first.waitFor(4n, 10_000)).toBe(true);
    const last = await append(4);
    expect(await first.waitFor(last, 10_000)).toBe(true);
    await first.stop();
    await append(1);
    const second = await start();
    expect(await second.waitFor(9n, 10_000)).toBe(true);
    expect(await second.position()).toBe(9n);
    expect(await rows()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes turns with the same projection of another process', async () => {
    const [one, other] = [await start(), await start()];
    const last = await append(30);
    expect(await Promise.all([one.waitFor(last, 10_000), other.waitFor(last, 10_000)])).toEqual([true, true]);
    expect(await rows()).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  it('says when a position was not reached in time', async () => {
    expect(await (await start()).waitFor(1n, 50)).toBe(false);
  });

  it('is rebuilt with the same result, on demand and when its version changes', async () => {
    const last = await append(7);
    const first = await start();
    await first.waitFor(last, 10_000);
    await pool.query(`DELETE FROM ${schema}.sums WHERE n < 4`);
    await first.rebuild();
    await first.waitFor(last, 10_000);
    expect(await rows()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await first.stop();
    const second = await start({ version: 2 });
    await second.waitFor(last, 10_000);
    expect(await rows()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('leaves nothing of a failed batch, tells of it and goes on by itself', async () => {
    const errors: [string, bigint | undefined][] = [];
    let failures = 2;
    const projection = await start({
      apply: async (event, client) => {
        await client.query(`INSERT INTO ${schema}.sums VALUES ($1, $2)`, [
          event.stream,
          (event.data as { n: number }).n,
        ]);
        if (event.streamVersion === 2 && failures-- > 0) throw new Error('not yet');
      },
      onError: (error, event) => errors.push([(error as Error).message, event?.position]),
    });
    expect(await projection.waitFor(await append(3), 10_000)).toBe(true);
    expect(errors).toEqual([
      ['not yet', 2n],
      ['not yet', 2n],
    ]);
    expect(await rows()).toEqual([1, 2, 3]);
  });

  it('outlives the loss of every session', async () => {
    const projection = await start();
    await projection.waitFor(await append(1), 10_000);
    await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    expect(await projection.waitFor(await append(5), 10_000)).toBe(true);
    expect(await rows()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
