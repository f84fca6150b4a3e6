import { DatabaseSync } from 'node:sqlite';
import { decode, type DeadLetter, type Handler, type ParkingLot } from '@dsem/messaging';

const tables = `
  CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, consumer TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL, cause TEXT NOT NULL, at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS parked_keys (consumer TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (consumer, key))`;

type Fresh = Omit<DeadLetter, 'id' | 'at'>;

/** Dead letters of an agent beside its spool: an agent has no PostgreSQL of its own. */
class SpoolParking implements ParkingLot {
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

  private letters(consumer?: string, key?: string): readonly DeadLetter[] {
    const select = `SELECT CAST(id AS TEXT) AS id, consumer, topic, key, body, cause, at FROM dead_letters
      WHERE (?1 IS NULL OR consumer = ?1) AND (?2 IS NULL OR key = ?2) ORDER BY dead_letters.id`;
    return this.db.prepare(select).all(consumer ?? null, key ?? null) as unknown as DeadLetter[];
  }

  readonly list = (consumer?: string): Promise<readonly DeadLetter[]> => Promise.resolve(this.letters(consumer));

  readonly replay = async (consumer: string, key: string, handler: Handler): Promise<number> => {
    let done = 0;
    for (const letter of this.letters(consumer, key)) {
      const decoded = decode(letter.body);
      if (!decoded.ok) return done;
      try {
        await handler({ topic: letter.topic, key, envelope: decoded.envelope, attempt: 1 });
      } catch {
        return done;
      }
      await this.discard(letter.id);
      done += 1;
    }
    return done;
  };

  readonly discard = (id: string): Promise<boolean> => {
    const remove = 'DELETE FROM dead_letters WHERE id = ? RETURNING consumer, key';
    const gone = this.db.prepare(remove).get(Number(id)) as { consumer: string; key: string } | undefined;
    if (gone === undefined) return Promise.resolve(false);
    if (this.letters(gone.consumer, gone.key).length === 0)
      this.db.prepare('DELETE FROM parked_keys WHERE consumer = ? AND key = ?').run(gone.consumer, gone.key);
    return Promise.resolve(true);
  };
}

/** Opens the parking lot in the given file; it may be the spool's. */
export const openSpoolParking = (file: string, clock: () => Date): { lot: ParkingLot; close: () => void } => {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA busy_timeout = 5000');
  db.exec(tables);
  return { lot: new SpoolParking(db, clock), close: () => db.close() };
};
