import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Envelope } from '@dsem/events';

/** A command that was taken on and may not be lost, with the message it came in. */
export interface TakenCommand {
  readonly execution: string;
  readonly environment: string;
  readonly command: Envelope;
}

/** An event on its way to the bus. */
export interface SpooledEvent {
  readonly seq: number;
  readonly key: string;
  readonly envelope: Envelope;
}

/** What the agent remembers beside its databases: commands taken on, and events not yet delivered. Survives a crash. */
export interface Spool {
  /** Takes a command on; false when this execution was taken before. */
  readonly take: (taken: TakenCommand) => boolean;
  /** Commands that have not ended, oldest first. */
  readonly open: () => readonly TakenCommand[];
  readonly finish: (execution: string) => void;
  readonly tell: (key: string, make: (sequence: number) => Envelope) => void;
  readonly pending: (limit: number) => readonly SpooledEvent[];
  readonly delivered: (upTo: number) => void;
  readonly close: () => void;
}

const tables = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS commands (
    seq INTEGER PRIMARY KEY, execution TEXT NOT NULL UNIQUE, environment TEXT NOT NULL, command TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS sequences (key TEXT PRIMARY KEY, last INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, envelope TEXT NOT NULL)`;

interface CommandRow {
  readonly execution: string;
  readonly environment: string;
  readonly command: string;
}

interface EventRow {
  readonly seq: number;
  readonly key: string;
  readonly envelope: string;
}

const openFile = (file: string): DatabaseSync => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file);
  db.exec(tables);
  return db;
};

/** Both or neither: a sequence number that was counted but not told would be a gap for ever. */
const atomically = (db: DatabaseSync, work: () => void): void => {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
};

/** Opens the agent's spool file, made when it is missing. */
export const openSpool = (file: string): Spool => {
  const db = openFile(file);
  const take = db.prepare('INSERT OR IGNORE INTO commands (execution, environment, command) VALUES (?, ?, ?)');
  const open = db.prepare('SELECT execution, environment, command FROM commands WHERE done = 0 ORDER BY seq');
  const finish = db.prepare('UPDATE commands SET done = 1 WHERE execution = ?');
  const count = db.prepare(`INSERT INTO sequences (key, last) VALUES (?, 1)
    ON CONFLICT (key) DO UPDATE SET last = last + 1 RETURNING last`);
  const insert = db.prepare('INSERT INTO events (key, envelope) VALUES (?, ?)');
  const pending = db.prepare('SELECT seq, key, envelope FROM events ORDER BY seq LIMIT ?');
  const remove = db.prepare('DELETE FROM events WHERE seq <= ?');
  return {
    take: ({ execution, environment, command }) =>
      take.run(execution, environment, JSON.stringify(command)).changes === 1,
    open: () =>
      (open.all() as unknown as CommandRow[]).map((row) => ({ ...row, command: JSON.parse(row.command) as Envelope })),
    finish: (execution) => void finish.run(execution),
    tell: (key, make) =>
      atomically(db, () => {
        const { last } = count.get(key) as unknown as { last: number };
        insert.run(key, JSON.stringify(make(last)));
      }),
    pending: (limit) =>
      (pending.all(limit) as unknown as EventRow[]).map((row) => ({
        ...row,
        envelope: JSON.parse(row.envelope) as Envelope,
      })),
    delivered: (upTo) => void remove.run(upTo),
    close: () => db.close(),
  };
};
