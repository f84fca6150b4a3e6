import { describeWithServer, server, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import type { ParkingLot } from './bus.js';
import { sampleEnvelope } from './contract.js';
import { migrateConsumer } from './migrations.js';
import { memoryParking } from './parking.js';
import { postgresParking } from './postgres-parking.js';

const letter = (n: number, key = 'k-1', consumer = 'c') => ({
  consumer,
  topic: 't',
  key,
  body: JSON.stringify(sampleEnvelope(n, 's')),
  cause: `cause ${n}`,
});
const sequences = async (lot: ParkingLot, consumer?: string): Promise<unknown[]> =>
  (await lot.list(consumer)).map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence);

const parkingContract = (name: string, make: () => ParkingLot): void => {
  describe(`${name}, as a parking lot`, () => {
    it('keeps letters behind a parked key only, per consumer and in order', async () => {
      const lot = make();
      expect(await lot.parkBehind(letter(1))).toBe(false);
      await lot.park(letter(1));
      expect(await lot.parkBehind(letter(2))).toBe(true);
      expect(await lot.parkBehind(letter(3, 'k-1', 'other'))).toBe(false);
      await lot.park(letter(4, 'k-2', 'other'));
      expect(await sequences(lot)).toEqual([1, 2, 4]);
      expect(await sequences(lot, 'c')).toEqual([1, 2]);
      expect([...(await lot.parkedKeys('c'))]).toEqual(['k-1']);
      expect([await lot.isParked('c', 'k-1'), await lot.isParked('other', 'k-1')]).toEqual([true, false]);
    });

    it('replays in order up to the first failure, and unparks when all succeeded', async () => {
      const lot = make();
      for (const n of [1, 2, 3]) await lot.park(letter(n));
      const seen: number[] = [];
      const failing = async ({ envelope }: { envelope: { sequence: number } }): Promise<void> => {
        if (envelope.sequence === 2) throw new Error('still no');
        seen.push(envelope.sequence);
      };
      expect(await lot.replay('c', 'k-1', failing)).toBe(1);
      expect(await lot.isParked('c', 'k-1')).toBe(true);
      expect(await lot.replay('c', 'k-1', async ({ envelope }) => void seen.push(envelope.sequence))).toBe(2);
      expect(seen).toEqual([1, 2, 3]);
      expect(await lot.isParked('c', 'k-1')).toBe(false);
      expect(await lot.replay('c', 'k-1', failing)).toBe(0);
    });

    it('keeps what came while a replay ran, and hands it over too', async () => {
      const lot = make();
      await lot.park(letter(1));
      const seen: number[] = [];
      const replayed = await lot.replay('c', 'k-1', async ({ envelope }) => {
        seen.push(envelope.sequence);
        if (envelope.sequence === 1) expect(await lot.parkBehind(letter(2))).toBe(true);
      });
      expect([replayed, seen]).toEqual([2, [1, 2]]);
      expect(await lot.parkBehind(letter(3))).toBe(false);
    });

    it('keeps bodies that no text column takes, and lets them be given up', async () => {
      const lot = make();
      await lot.park({ ...letter(1), body: 'nul \u0000 here', cause: 'has \u0000' });
      const [kept] = await lot.list();
      expect(kept?.body).toBe('nul \u0000 here');
      expect(await lot.replay('c', 'k-1', async () => undefined)).toBe(0);
      expect(await lot.discard(kept?.id ?? '')).toBe(true);
      expect(await lot.discard(kept?.id ?? '')).toBe(false);
      expect(await lot.isParked('c', 'k-1')).toBe(false);
    });
  });
};

parkingContract('memory', memoryParking);

describeWithServer('postgresql', 'PostgreSQL', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let schemas = 0;
  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
  });
  beforeEach(() => migrateConsumer(pool, { schema: `s${++schemas}` }));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  parkingContract('its parking lot', () => postgresParking({ pool, schema: `s${schemas}` }));
});
