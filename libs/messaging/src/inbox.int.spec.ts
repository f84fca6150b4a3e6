import { postgresTransaction } from '@dsem/event-store';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import type { Inbox } from './bus.js';
import { memoryInbox, postgresInbox } from './inbox.js';
import { migrateConsumer } from './migrations.js';

const inboxContract = (name: string, make: () => Inbox): void => {
  describe(`${name}, as an inbox`, () => {
    it('runs an effect once per consumer and event, also when deliveries race', async () => {
      const inbox = make();
      let runs = 0;
      const effect = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        runs++;
      };
      const racing = await Promise.all([1, 2, 3].map(() => inbox.once('a', 'e-1', effect)));
      expect(racing.filter(Boolean)).toHaveLength(1);
      expect(await inbox.once('a', 'e-1', effect)).toBe(false);
      expect(await inbox.once('b', 'e-1', effect)).toBe(true);
      expect(runs).toBe(2);
    });

    it('forgets an event whose effect failed', async () => {
      const inbox = make();
      await expect(inbox.once('a', 'e-2', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await inbox.once('a', 'e-2', async () => undefined)).toBe(true);
    });
  });
};

inboxContract('memory', memoryInbox);

describeWithServer('postgresql', 'PostgreSQL', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let schemas = 0;
  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    pool = surviving(new pg.Pool({ connectionString: database.url, max: 5 }));
  });
  beforeEach(() => migrateConsumer(pool, { schema: `s${++schemas}` }));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  inboxContract('its inbox', () => postgresInbox({ pool, schema: `s${schemas}` }));

  it('writes mark and effect in one transaction', async () => {
    const inbox = postgresInbox({ pool, schema: `s${schemas}` });
    await pool.query('CREATE TABLE effects (n int)');
    const effect = (fail: boolean) => async (transaction: unknown) => {
      await postgresTransaction(transaction).query('INSERT INTO effects VALUES (1)');
      if (fail) throw new Error('no');
    };
    await expect(inbox.once('a', 'e', effect(true))).rejects.toThrow('no');
    await inbox.once('a', 'e', effect(false));
    expect((await pool.query('SELECT FROM effects')).rowCount).toBe(1);
  });
});
