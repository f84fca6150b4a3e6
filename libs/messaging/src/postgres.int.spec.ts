import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import type { Bus, Subscription } from './bus.js';
import { eventually, sampleEnvelope } from './contract.js';
import { migrateBus } from './migrations.js';
import { memoryParking } from './parking.js';
import { postgresBus } from './postgres.js';

describeWithServer('postgresql', 'the PostgreSQL bus', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let bus: Bus;
  let topics = 0;
  const role = `bus_service_${process.pid}`;

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    pool = surviving(new pg.Pool({ connectionString: database.url, max: 10 }));
    await pool.query(`CREATE ROLE ${role} LOGIN`);
    await Promise.all([1, 2, 3].map(() => migrateBus(pool, { schema: 'bus', serviceRole: role })));
  });
  beforeEach(() => {
    bus = postgresBus({ pool, schema: 'bus', parking: memoryParking(), leaseMs: 900 });
    topics++;
  });
  afterEach(() => bus.close());
  afterAll(async () => {
    await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await pool.end();
    await database.drop();
  });

  const publish = (numbers: readonly number[], key = 's-1', to = bus): Promise<void> =>
    to.publish(numbers.map((n) => ({ topic: `t${topics}`, key, envelope: sampleEnvelope(n, key) })));
  const collect = async (from: Bus, consumer = 'group'): Promise<[number[], Subscription]> => {
    const seen: number[] = [];
    const handler = async ({ envelope }: { envelope: { sequence: number } }) => void seen.push(envelope.sequence);
    return [seen, await from.subscribe({ consumer, topics: [`t${topics}`], handler })];
  };

  it('is enough for a role that may do nothing else', async () => {
    const url = new URL(database.url);
    url.username = role;
    const own = surviving(new pg.Pool({ connectionString: url.href, max: 5 }));
    const asRole = postgresBus({ pool: own, schema: 'bus', parking: memoryParking() });
    const [seen] = await collect(asRole);
    await publish([1, 2], 's-1', asRole);
    await eventually(() => seen.length === 2);
    await expect(own.query('DELETE FROM bus.messages')).rejects.toMatchObject({ code: '42501' });
    await asRole.close();
    await own.end();
  });

  it('gives the share of a member that vanished to the others when its lease ends', async () => {
    const lost = surviving(new pg.Pool({ connectionString: database.url, max: 3 }));
    const [first, abandoned] = await collect(
      postgresBus({ pool: lost, schema: 'bus', parking: memoryParking(), leaseMs: 900 }),
    );
    await publish([1]);
    await eventually(() => first.length === 1);
    await lost.end();
    const [second] = await collect(bus);
    await publish([2, 3]);
    await eventually(() => second.length === 2);
    expect(second).toEqual([2, 3]);
    await abandoned.stop();
  });

  it('lets no busy slot keep the others waiting', async () => {
    const keys = Array.from({ length: 60 }, (_, i) => `k-${i}`);
    const rounds = Array.from({ length: 60 }, (_, i) => i + 1);
    const message = (n: number, key: string) => ({ topic: `t${topics}`, key, envelope: sampleEnvelope(n, key) });
    for (const n of rounds) await bus.publish(keys.map((key) => message(n, key)));
    const order: string[] = [];
    const handler = async ({ key }: { key: string }) => void order.push(key);
    await bus.subscribe({ consumer: 'fair', topics: [`t${topics}`], handler });
    await eventually(() => order.length === 3600);
    expect(Math.max(...keys.map((key) => order.indexOf(key)))).toBeLessThan(1200);
  });

  it('removes old messages only when every known group has finished them', async () => {
    const [seen, reading] = await collect(bus, 'reader');
    await publish([1, 2]);
    await eventually(() => seen.length === 2);
    await reading.stop();
    await publish([3]);
    const kept = async (): Promise<number[]> => {
      const sql = `SELECT body::json->>'sequence' AS n FROM bus.messages WHERE topic = $1 ORDER BY seq`;
      return (await pool.query<{ n: string }>(sql, [`t${topics}`])).rows.map(({ n }) => Number(n));
    };
    await pool.query('SELECT bus.trim_messages(60000)');
    expect(await kept()).toEqual([1, 2, 3]);
    await pool.query('SELECT bus.trim_messages(0)');
    expect(await kept()).toEqual([3]);
  });
});
