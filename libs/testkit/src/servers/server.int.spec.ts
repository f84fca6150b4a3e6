import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { surviving } from '@dsem/event-store';
import pg from 'pg';
import { describeWithServer, server } from './server.js';

const scalar = async (url: string, sql: string): Promise<unknown> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
};

describe.each([18, 13])('PostgreSQL %i', (major) => {
  describeWithServer(
    'postgresql',
    'as a server of the run',
    () => {
      it('is of the asked major version and gives each spec a database of its own', async () => {
        const postgres = await server('postgresql', { major });
        const [one, other] = [await postgres.createDatabase(), await postgres.createDatabase()];
        expect(String(await scalar(one.url, 'SHOW server_version'))).toMatch(new RegExp(`^${major}\\.`));
        expect(one.url).not.toBe(other.url);
        await one.drop();
        await expect(scalar(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
        await other.drop();
      });

      it('drops a database under sessions that are idle or in hand', async () => {
        const database = await (await server('postgresql', { major })).createDatabase();
        const pool = surviving(new pg.Pool({ connectionString: database.url, max: 5 }));
        const heard: unknown[] = [];
        pool.on('error', (error) => heard.push(error));
        const [first, second, inHand] = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
        first.release();
        second.release();
        await database.drop();
        for (let left = 500; left > 0 && heard.length < 2; left--) await sleep(10);
        expect(heard).toEqual([1, 2].map(() => expect.objectContaining({ code: '57P01' })));
        await expect(inHand.query('SELECT 1')).rejects.toThrow();
        inHand.release(true);
        await pool.end();
      });

      it('is started once and shared, and refuses to be stopped by one spec', async () => {
        const [a, b] = await Promise.all([server('postgresql', { major }), server('postgresql', { major })]);
        expect(a.url).toBe(b.url);
        expect(() => a.stop()).toThrow(/shared/);
      });
    },
    major,
  );
});

describeWithServer('postgresql', 'a PostgreSQL of a spec alone', () => {
  it('keeps its data over a crash', async () => {
    const own = await server('postgresql', { own: true });
    await scalar(own.url, 'CREATE TABLE kept (n int)');
    await own.stop('SIGQUIT');
    await expect(scalar(own.url, 'SELECT 1')).rejects.toThrow();
    await own.start();
    expect(await scalar(own.url, 'SELECT count(*)::int FROM kept')).toBe(0);
    await own.stop();
  });
});

describeWithServer('kafka', 'Kafka', () => {
  it('answers the client', async () => {
    const { brokers, prefix } = await server('kafka');
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topic = `${prefix()}orders`;
    await admin.createTopics({ topics: [{ topic }] });
    expect(await admin.listTopics()).toContain(topic);
    await admin.disconnect();
  });
});
