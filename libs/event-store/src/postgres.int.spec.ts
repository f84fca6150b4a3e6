import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithServer, faultProxy, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { inTransaction, postgresTransaction } from './connection.js';
import { sampleEvent } from './contract.js';
import { migrateEventStore } from './migrations.js';
import { postgresEventStore, postgresSnapshots } from './postgres.js';
import { listenTo } from './signal.js';

describeWithServer('postgresql', 'the PostgreSQL event store', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  const schema = 'registry';
  const role = `service_${process.pid}`;
  const as = (name: string): string => {
    const url = new URL(database.url);
    url.username = name;
    return url.href;
  };

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    owner = surviving(new pg.Pool({ connectionString: database.url, max: 4 }));
    await owner.query(`CREATE ROLE ${role} LOGIN`);
    await Promise.all([1, 2, 3].map(() => migrateEventStore(owner, { schema, serviceRole: role })));
    await postgresEventStore({ pool: owner, schema }).append('s-1', 0, [sampleEvent(1)]);
  });
  afterAll(async () => {
    await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await owner.end();
    await database.drop();
  });

  it.each([
    'UPDATE registry.events SET type = type',
    'DELETE FROM registry.events',
    'TRUNCATE registry.events CASCADE',
  ])('refuses "%s" to the service by privilege and to the owner by trigger', async (statement) => {
    const service = surviving(new pg.Client({ connectionString: as(role) }));
    await service.connect();
    await expect(service.query(statement)).rejects.toMatchObject({ code: '42501' });
    await service.end();
    const asOwner = inTransaction(owner, async (client) => {
      await client.query('SET LOCAL session_replication_role = replica');
      await client.query(statement);
    });
    await expect(asOwner).rejects.toMatchObject({ code: 'DS002' });
  });

  it('lets the service append and read through its own role, but not write the table itself', async () => {
    const pool = surviving(new pg.Pool({ connectionString: as(role), max: 2 }));
    const store = postgresEventStore({ pool, schema });
    await store.append('s-service', 0, [sampleEvent(1)]);
    expect(await store.readStream('s-service')).toHaveLength(1);
    const direct = pool.query(
      `INSERT INTO registry.events SELECT 99, 's-9', 1, 'x', type, 1, data, metadata, time FROM registry.events LIMIT 1`,
    );
    await expect(direct).rejects.toMatchObject({ code: '42501' });
    const cache = postgresSnapshots({ pool, schema });
    await cache.save('s-service', 'r@1', { streamVersion: 1, state: { a: 1 } });
    expect(await cache.load('s-service', 'r@1')).toEqual({ streamVersion: 1, state: { a: 1 } });
    expect(await cache.load('s-service', 'r@2')).toBeUndefined();
    await pool.end();
  });

  it('commits durably even where the server default is not to wait for the disk', async () => {
    await owner.query(`ALTER ROLE ${role} SET synchronous_commit = off`);
    const pool = surviving(new pg.Pool({ connectionString: as(role), max: 1 }));
    const seen: unknown[] = [];
    const also = async (transaction: unknown) =>
      void seen.push((await postgresTransaction(transaction).query('SHOW synchronous_commit')).rows[0]);
    await postgresEventStore({ pool, schema }).append('s-durable', 0, [sampleEvent(1)], { also });
    expect(seen).toEqual([{ synchronous_commit: 'on' }]);
    await pool.end();
  });

  it('writes what `also` writes in the same transaction', async () => {
    await owner.query('CREATE TABLE registry.noted (n int)');
    const store = postgresEventStore({ pool: owner, schema });
    const note =
      (n: number, fail = false) =>
      async (transaction: unknown) => {
        await postgresTransaction(transaction).query('INSERT INTO registry.noted VALUES ($1)', [n]);
        if (fail) throw new Error('changed my mind');
      };
    await expect(store.append('s-noted', 0, [sampleEvent(1)], { also: note(1, true) })).rejects.toThrow(
      'changed my mind',
    );
    await store.append('s-noted', 0, [sampleEvent(1)], { also: note(2) });
    expect((await owner.query('SELECT n FROM registry.noted')).rows).toEqual([{ n: 2 }]);
    expect(() => postgresTransaction(undefined)).toThrow(TypeError);
  });

  it('gives a certain answer when the connection breaks before the acknowledgement arrives', async () => {
    const proxy = await faultProxy(database.url);
    const pool = surviving(new pg.Pool({ connectionString: proxy.through(database.url), max: 2 }));
    const store = postgresEventStore({ pool, schema });
    await store.readStream('s-ambiguous');
    proxy.set({ cutAfter: { direction: 'toClient', bytes: 0 } });
    const direct = await store.append('s-ambiguous', 0, [sampleEvent(1)]);
    expect(direct).toMatchObject({ streamVersion: 1, appended: false });
    let runs = 0;
    const also = async (): Promise<void> => {
      if (runs++ === 0) proxy.set({ cutAfter: { direction: 'toClient', bytes: 0 } });
    };
    const result = await store.append('s-ambiguous', 1, [sampleEvent(2)], { also });
    expect(result).toMatchObject({ streamVersion: 2, appended: false });
    expect(runs).toBe(1);
    expect(proxy.accepted()).toBe(3);
    expect(await store.readStream('s-ambiguous')).toHaveLength(2);
    await pool.end();
    await proxy.close();
  });

  it('listens on one session again, though somebody asks while the lost one is not replaced yet', async () => {
    const name = 'signal-spec';
    const pool = surviving(new pg.Pool({ connectionString: database.url, application_name: name, max: 1 }));
    const sessions = async (): Promise<number[]> => {
      const sql = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1';
      return (await owner.query<{ pid: number }>(sql, [name])).rows.map(({ pid }) => pid);
    };
    const first = await listenTo(pool, 'one');
    const [lost] = await sessions();
    await owner.query('SELECT pg_terminate_backend($1, 5000)', [lost]);
    await sleep(100);
    const second = await listenTo(pool, 'two');
    expect(await sessions()).toHaveLength(1);
    await sleep(1500);
    expect(await sessions()).toHaveLength(1);
    const woken = Promise.all([first, second].map((signal) => signal.wait(60_000).then(() => signal.wait(60_000))));
    for (const channel of ['one', 'two']) await owner.query(`NOTIFY ${channel}`);
    await woken;
    await Promise.all([first.close(), second.close(), pool.end()]);
    for (let left = 100; left > 0 && (await sessions()).length > 0; left--) await sleep(20);
    expect(await sessions()).toEqual([]);
  });
});
