import { inTransaction, quoted, surviveIdleErrors, type PostgresTransaction } from '@dsem/event-store';
import type { Pool } from 'pg';
import type { DeadLetter, Handler, ParkingLot } from './bus.js';
import { retryLetter } from './parking.js';

interface LetterRow {
  readonly id: string;
  readonly consumer: string;
  readonly topic: string;
  readonly key: string;
  readonly body: Buffer;
  readonly cause: string;
  readonly at: Date;
}

const toLetter = (row: LetterRow): DeadLetter => ({
  ...row,
  body: row.body.toString('utf8'),
  at: row.at.toISOString(),
});

/** PostgreSQL's text holds no NUL. */
const printable = (cause: string): string => cause.replaceAll('\0', '\ufffd').slice(0, 4000);

/** Where a service keeps inbox and parking lot: its own schema, see `migrateConsumer`. */
export interface ConsumerTables {
  readonly pool: Pool;
  readonly schema: string;
}

class PostgresLot implements ParkingLot {
  private readonly letters: string;
  private readonly keys: string;

  constructor(
    private readonly pool: Pool,
    schema: string,
  ) {
    this.letters = `${quoted(schema)}.dead_letters`;
    this.keys = `${quoted(schema)}.parked_keys`;
  }

  private async insert(client: PostgresTransaction, letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> {
    const { consumer, topic, key, body, cause } = letter;
    const sql = `INSERT INTO ${this.letters} (consumer, topic, key, body, cause) VALUES ($1, $2, $3, $4, $5)`;
    await client.query(sql, [consumer, topic, key, Buffer.from(body, 'utf8'), printable(cause)]);
  }

  readonly isParked = async (consumer: string, key: string): Promise<boolean> =>
    (await this.pool.query(`SELECT FROM ${this.keys} WHERE consumer = $1 AND key = $2`, [consumer, key])).rowCount ===
    1;

  readonly parkedKeys = async (consumer: string): Promise<ReadonlySet<string>> => {
    const sql = `SELECT key FROM ${this.keys} WHERE consumer = $1`;
    const { rows } = await this.pool.query<{ key: string }>(sql, [consumer]);
    return new Set(rows.map(({ key }) => key));
  };

  readonly park = (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> =>
    inTransaction(this.pool, async (client) => {
      const sql = `INSERT INTO ${this.keys} (consumer, key) VALUES ($1, $2)
        ON CONFLICT (consumer, key) DO UPDATE SET key = excluded.key`;
      if (letter.key !== '') await client.query(sql, [letter.consumer, letter.key]);
      await this.insert(client, letter);
    });

  readonly parkBehind = (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<boolean> =>
    inTransaction(this.pool, async (client) => {
      const sql = `SELECT FROM ${this.keys} WHERE consumer = $1 AND key = $2 FOR UPDATE`;
      if ((await client.query(sql, [letter.consumer, letter.key])).rowCount !== 1) return false;
      await this.insert(client, letter);
      return true;
    });

  readonly list = async (consumer?: string): Promise<readonly DeadLetter[]> => {
    const sql = `SELECT * FROM ${this.letters} WHERE $1::text IS NULL OR consumer = $1 ORDER BY id`;
    return (await this.pool.query<LetterRow>(sql, [consumer ?? null])).rows.map(toLetter);
  };

  private async oldest(consumer: string, key: string): Promise<DeadLetter | undefined> {
    const sql = `SELECT * FROM ${this.letters} WHERE consumer = $1 AND key = $2 ORDER BY id LIMIT 1`;
    const { rows } = await this.pool.query<LetterRow>(sql, [consumer, key]);
    return rows[0] && toLetter(rows[0]);
  }

  /** The lock keeps a second replay of the same key away; the consumer may go on parking behind meanwhile. */
  readonly replay = (consumer: string, key: string, handler: Handler): Promise<number> =>
    inTransaction(this.pool, async (client) => {
      const lock = `SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2)) AS mine`;
      const { rows } = await client.query<{ mine: boolean }>(lock, [`dsem-replay:${this.letters}:${consumer}`, key]);
      for (let done = 0; ; done++) {
        const letter = rows[0]?.mine === true ? await this.oldest(consumer, key) : undefined;
        if (letter === undefined) return done;
        const cause = await retryLetter(letter, handler);
        if (cause === undefined) await this.discard(letter.id);
        else
          await this.pool.query(`UPDATE ${this.letters} SET cause = $2 WHERE id = $1`, [letter.id, printable(cause)]);
        if (cause !== undefined) return done;
      }
    });

  readonly discard = (id: string): Promise<boolean> =>
    inTransaction(this.pool, async (client) => {
      const lock = `SELECT FROM ${this.keys} k JOIN ${this.letters} l USING (consumer, key) WHERE l.id = $1 FOR UPDATE OF k`;
      await client.query(lock, [id]);
      const { rows } = await client.query<{ consumer: string; key: string }>(
        `DELETE FROM ${this.letters} WHERE id = $1 RETURNING consumer, key`,
        [id],
      );
      const [gone] = rows;
      if (gone === undefined) return false;
      const unpark = `DELETE FROM ${this.keys} k WHERE consumer = $1 AND key = $2
        AND NOT EXISTS (SELECT FROM ${this.letters} l WHERE l.consumer = k.consumer AND l.key = k.key)`;
      await client.query(unpark, [gone.consumer, gone.key]);
      return true;
    });
}

/** Parked keys and dead letters in a service's own schema. */
export const postgresParking = ({ pool, schema }: ConsumerTables): ParkingLot => {
  surviveIdleErrors(pool);
  return new PostgresLot(pool, schema);
};
