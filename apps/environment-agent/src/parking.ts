import { DatabaseSync } from 'node:sqlite';
import {
  ReplayInProgress,
  replayLetters,
  type DeadLetter,
  type Handler,
  type LetterFilter,
  type LettersOfKey,
  type ParkedCount,
  type ParkedKey,
  type ParkedKeyFilter,
  type ParkingLot,
  type Replay,
  type ReplayOptions,
} from '@dsem/messaging';

const tables = `
  CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, consumer TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL, cause TEXT NOT NULL, at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS parked_keys (consumer TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (consumer, key))`;

type Fresh = Omit<DeadLetter, 'id' | 'at'>;

/** Dead letters of an agent beside its spool: an agent has no PostgreSQL of its own. */
class SpoolParking implements ParkingLot {
  private readonly replaying = new Set<string>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly clock: () => Date,
  ) {}

  private keep({ consumer, topic, key, body, cause }: Fresh): void {
    const insert = 'INSERT INTO dead_letters (consumer, topic, key, body, cause, at) VALUES (?, ?, ?, ?, ?, ?)';
    this.db.prepare(insert).run(consumer, topic, key, body, cause, this.clock().toISOString());
  }

  private parked(consumer: string, key: string): boolean {
    return this.db.prepare('SELECT 1 FROM parked_keys WHERE consumer = ? AND key = ?').get(consumer, key) !== undefined;
  }

  readonly isParked = (consumer: string, key: string): Promise<boolean> => Promise.resolve(this.parked(consumer, key));

  readonly parkedKeys = (consumer: string): Promise<ReadonlySet<string>> => {
    const rows = this.db.prepare('SELECT key FROM parked_keys WHERE consumer = ?').all(consumer);
    return Promise.resolve(new Set((rows as unknown as { key: string }[]).map(({ key }) => key)));
  };

  readonly park = (letter: Fresh): Promise<void> => {
    const insert = 'INSERT OR IGNORE INTO parked_keys (consumer, key) VALUES (?, ?)';
    if (letter.key !== '') this.db.prepare(insert).run(letter.consumer, letter.key);
    this.keep(letter);
    return Promise.resolve();
  };

  readonly parkBehind = (letter: Fresh): Promise<boolean> => {
    const parked = this.parked(letter.consumer, letter.key);
    if (parked) this.keep(letter);
    return Promise.resolve(parked);
  };

  readonly list = ({ consumer, topic, key, after, take }: LetterFilter = {}): Promise<readonly DeadLetter[]> => {
    const select = `SELECT CAST(id AS TEXT) AS id, consumer, topic, key, body, cause, at FROM dead_letters
      WHERE (?1 IS NULL OR consumer = ?1) AND (?2 IS NULL OR topic = ?2) AND (?3 IS NULL OR key = ?3)
        AND dead_letters.id > ?4 ORDER BY dead_letters.id LIMIT ?5`;
    const values = [consumer ?? null, topic ?? null, key ?? null, after ?? 0, take ?? -1];
    return Promise.resolve(this.db.prepare(select).all(...values) as unknown as DeadLetter[]);
  };

  readonly letter = async (id: string): Promise<DeadLetter | undefined> => {
    const [letter] = await this.list({ after: Number(id) - 1, take: 1 });
    return letter?.id === id ? letter : undefined;
  };

  readonly keys = ({ consumer, after, take }: ParkedKeyFilter = {}): Promise<readonly ParkedKey[]> => {
    const select = `SELECT consumer, key, min(at) AS since, count(*) AS letters
      FROM parked_keys JOIN dead_letters USING (consumer, key)
      WHERE (?1 IS NULL OR consumer = ?1) AND (?2 IS NULL OR (consumer, key) > (?2, ?3))
      GROUP BY consumer, key ORDER BY consumer, key LIMIT ?4`;
    const values = [consumer ?? null, after?.[0] ?? null, after?.[1] ?? null, take ?? -1];
    return Promise.resolve(this.db.prepare(select).all(...values) as unknown as ParkedKey[]);
  };

  readonly counts = (): Promise<readonly ParkedCount[]> => {
    const select = `SELECT consumer, count(*) AS letters,
        (SELECT count(*) FROM parked_keys k WHERE k.consumer = l.consumer) AS keys
      FROM dead_letters l GROUP BY consumer ORDER BY consumer`;
    return Promise.resolve(this.db.prepare(select).all() as unknown as ParkedCount[]);
  };

  private async count(consumer: string, key: string): Promise<number> {
    return (await this.list({ consumer, key })).length;
  }

  readonly replay = async (
    consumer: string,
    key: string,
    handler: Handler,
    options: ReplayOptions = {},
  ): Promise<Replay> => {
    const pair = JSON.stringify([consumer, key]);
    if (this.replaying.has(pair)) throw new ReplayInProgress(consumer, key);
    this.replaying.add(pair);
    const update = this.db.prepare('UPDATE dead_letters SET cause = ? WHERE id = ?');
    const letters: LettersOfKey = {
      oldest: async () => (await this.list({ consumer, key, take: 1 }))[0],
      count: () => this.count(consumer, key),
      settle: ({ id }) => this.discard(id),
      failed: ({ id, cause }) => Promise.resolve(update.run(cause, Number(id))),
    };
    return replayLetters(letters, handler, options).finally(() => this.replaying.delete(pair));
  };

  readonly discard = async (id: string): Promise<boolean> => {
    const remove = 'DELETE FROM dead_letters WHERE id = ? RETURNING consumer, key';
    const gone = this.db.prepare(remove).get(Number(id)) as { consumer: string; key: string } | undefined;
    if (gone === undefined) return false;
    if ((await this.count(gone.consumer, gone.key)) === 0)
      this.db.prepare('DELETE FROM parked_keys WHERE consumer = ? AND key = ?').run(gone.consumer, gone.key);
    return true;
  };
}

/** Opens the parking lot in the given file; it may be the spool's. */
export const openSpoolParking = (file: string, clock: () => Date): { lot: ParkingLot; close: () => void } => {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA busy_timeout = 5000');
  db.exec(tables);
  return { lot: new SpoolParking(db, clock), close: () => db.close() };
};
