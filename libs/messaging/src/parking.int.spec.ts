import { inTransaction } from '@dsem/event-store';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import type { ParkingLot } from './bus.js';
import { migrateConsumer } from './migrations.js';
import { parkingContract, sampleLetter } from './testing/parking-contract.js';
import { memoryParking } from './parking.js';
import { postgresParking } from './postgres-parking.js';
import { parkableKey } from './retry.js';

parkingContract('memory', { make: memoryParking });

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
  const open = (): ParkingLot => postgresParking({ pool, schema: `s${schemas}` });
  parkingContract('its parking lot', { make: open, twin: open });

  it('gives a letter up together with what else a transaction does, or not at all', async () => {
    const lot = open();
    await lot.park(sampleLetter(1));
    const [kept] = await lot.list();
    const undone = inTransaction(pool, async (client) => {
      expect(await lot.discard(kept?.id ?? '', client)).toBe(true);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await lot.keys()).toMatchObject([{ key: 'k-1', letters: 1 }]);
  });
});

it('knows keys by themselves, or by their digest where no database could hold them', () => {
  expect(['', 'subject-shop', 'k'.repeat(500)].map(parkableKey)).toEqual(['', 'subject-shop', 'k'.repeat(500)]);
  const digests = ['k'.repeat(501), 'k'.repeat(502), 'a\u0000b'].map(parkableKey);
  expect(new Set(digests).size).toBe(3);
  for (const digest of digests) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});
