import { inTransaction, postgresTransaction, quoted, surviving, type PostgresTransaction } from '@dsem/event-store';
import type { Pool } from 'pg';
import type {
  DeadLetter,
  Handler,
  LetterFilter,
  ParkedCount,
  ParkedKey,
  ParkedKeyFilter,
  ParkingLot,
  Replay,
  ReplayOptions,
} from './bus.js';
import { ReplayInProgress } from './errors.js';
import { replayLetters, type LettersOfKey } from './parking.js';
import { Permits } from './permits.js';

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
  private readonly keyTable: string;
  private readonly turn = new Permits(1);

  constructor(
    private readonly pool: Pool,
    schema: string,
  ) {
    this.letters = `${quoted(schema)}.dead_letters`;
    this.keyTable = `${quoted(schema)}.parked_keys`;
  }

  private async insert(client: PostgresTransaction, letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> {
    const { consumer, topic, key, body, cause } = letter;
    const sql = `INSERT INTO ${this.letters} (consumer, topic, key, body, cause) VALUES ($1, $2, $3, $4, $5)`;
    await client.query(sql, [consumer, topic, key, Buffer.from(body, 'utf8'), printable(cause)]);
  }

  readonly isParked = async (consumer: string, key: string): Promise<boolean> =>
    (await this.pool.query(`SELECT FROM ${this.keyTable} WHERE consumer = $1 AND key = $2`, [consumer, key]))
      .rowCount === 1;

  readonly parkedKeys = async (consumer: string): Promise<ReadonlySet<string>> => {
    const sql = `SELECT key FROM ${this.keyTable} WHERE consumer = $1`;
    const { rows } = await this.pool.query<{ key: string }>(sql, [consumer]);
    return new Set(rows.map(({ key }) => key));
  };

  readonly park = (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> =>
    inTransaction(this.pool, async (client) => {
      const sql = `INSERT INTO ${this.keyTable} (consumer, key) VALUES ($1, $2)
        ON CONFLICT (consumer, key) DO UPDATE SET key = excluded.key`;
      if (letter.key !== '') await client.query(sql, [letter.consumer, letter.key]);
      await this.insert(client, letter);
    });

  readonly parkBehind = (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<boolean> =>
    inTransaction(this.pool, async (client) => {
      const sql = `SELECT FROM ${this.keyTable} WHERE consumer = $1 AND key = $2 FOR UPDATE`;
      if ((await client.query(sql, [letter.consumer, letter.key])).rowCount !== 1) return false;
      await this.insert(client, letter);
      return true;
    });

  readonly list = async ({ consumer, topic, key, after, take }: LetterFilter = {}): Promise<readonly DeadLetter[]> => {
    const sql = `SELECT * FROM ${this.letters}
      WHERE ($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR topic = $2) AND ($3::text IS NULL OR key = $3)
        AND id > $4 ORDER BY id LIMIT $5`;
    const values = [consumer ?? null, topic ?? null, key ?? null, after ?? 0, take ?? null];
    return (await this.pool.query<LetterRow>(sql, values)).rows.map(toLetter);
  };

  readonly letter = async (id: string): Promise<DeadLetter | undefined> => {
    const sql = `SELECT * FROM ${this.letters} WHERE id = $1`;
    const [row] = (await this.pool.query<LetterRow>(sql, [id])).rows;
    return row && toLetter(row);
  };

  readonly keys = async ({ consumer, after, take }: ParkedKeyFilter = {}): Promise<readonly ParkedKey[]> => {
    const sql = `SELECT consumer, key, since,
        (SELECT count(*)::int FROM ${this.letters} l WHERE l.consumer = k.consumer AND l.key = k.key) AS letters
      FROM ${this.keyTable} k
      WHERE ($1::text IS NULL OR consumer = $1)
        AND ($2::text IS NULL OR (consumer COLLATE "C", key COLLATE "C") > ($2 COLLATE "C", $3::text COLLATE "C"))
      ORDER BY consumer COLLATE "C", key COLLATE "C" LIMIT $4`;
    const values = [consumer ?? null, after?.[0] ?? null, after?.[1] ?? null, take ?? null];
    const { rows } = await this.pool.query<Omit<ParkedKey, 'since'> & { since: Date }>(sql, values);
    return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
  };

  readonly counts = async (): Promise<readonly ParkedCount[]> => {
    const sql = `SELECT consumer, count(*)::int AS letters,
        (SELECT count(*)::int FROM ${this.keyTable} k WHERE k.consumer = l.consumer) AS keys
      FROM ${this.letters} l GROUP BY consumer ORDER BY consumer COLLATE "C"`;
    return (await this.pool.query<ParkedCount>(sql)).rows;
  };

  private async oldest(consumer: string, key: string): Promise<DeadLetter | undefined> {
    const sql = `SELECT * FROM ${this.letters} WHERE consumer = $1 AND key = $2 ORDER BY id LIMIT 1`;
    const { rows } = await this.pool.query<LetterRow>(sql, [consumer, key]);
    return rows[0] && toLetter(rows[0]);
  }

  private async count(consumer: string, key: string): Promise<number> {
    const sql = `SELECT count(*)::int AS n FROM ${this.letters} WHERE consumer = $1 AND key = $2`;
    return (await this.pool.query<{ n: number }>(sql, [consumer, key])).rows[0]?.n ?? 0;
  }

  private lettersOf(consumer: string, key: string): LettersOfKey {
    const sql = `UPDATE ${this.letters} SET cause = $2 WHERE id = $1`;
    return {
      oldest: () => this.oldest(consumer, key),
      count: () => this.count(consumer, key),
      settle: ({ id }) => this.discard(id),
      failed: ({ id, cause }) => this.pool.query(sql, [id, printable(cause)]),
    };
  }

  /**
   * The lock keeps a second replay of the same key away; the consumer may go on parking behind meanwhile. One replay at
   * a time in this process: each holds a connection while its handler needs another.
   */
  readonly replay = (consumer: string, key: string, handler: Handler, options: ReplayOptions = {}): Promise<Replay> =>
    this.turn.run(() =>
      inTransaction(this.pool, async (client) => {
        const lock = `SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2)) AS mine`;
        const { rows } = await client.query<{ mine: boolean }>(lock, [`dsem-replay:${this.letters}:${consumer}`, key]);
        if (rows[0]?.mine !== true) throw new ReplayInProgress(consumer, key);
        return replayLetters(this.lettersOf(consumer, key), handler, options);
      }),
    );

  readonly discard = (id: string, transaction?: unknown): Promise<boolean> =>
    transaction === undefined
      ? inTransaction(this.pool, (client) => this.remove(id, client))
      : this.remove(id, postgresTransaction(transaction));

  private async remove(id: string, client: PostgresTransaction): Promise<boolean> {
    const lock = `SELECT FROM ${this.keyTable} k JOIN ${this.letters} l USING (consumer, key)
      WHERE l.id = $1 FOR UPDATE OF k`;
    await client.query(lock, [id]);
    const { rows } = await client.query<{ consumer: string; key: string }>(
      `DELETE FROM ${this.letters} WHERE id = $1 RETURNING consumer, key`,
      [id],
    );
    const [gone] = rows;
    if (gone === undefined) return false;
    const unpark = `DELETE FROM ${this.keyTable} k WHERE consumer = $1 AND key = $2
      AND NOT EXISTS (SELECT FROM ${this.letters} l WHERE l.consumer = k.consumer AND l.key = k.key)`;
    await client.query(unpark, [gone.consumer, gone.key]);
    return true;
  }
}

/** Parked keys and dead letters in a service's own schema. */
export const postgresParking = ({ pool, schema }: ConsumerTables): ParkingLot => {
  surviving(pool);
  return new PostgresLot(pool, schema);
};
