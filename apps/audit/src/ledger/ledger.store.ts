import type { PostgresTransaction } from '@dsem/event-store';
import { topics, type Envelope } from '@dsem/events';
import { addLeaf, nextEntry, type Frontier, type LedgerEntry } from '@dsem/ledger';
import { tables } from '@dsem/service-host';
import type { Pool } from 'pg';

export const ledgerTables = tables('ledger', [
  `CREATE TABLE entries (
      index bigint PRIMARY KEY, topic text NOT NULL, received_at text NOT NULL, envelope json NOT NULL,
      previous_hash text NOT NULL, hash text NOT NULL,
      event_id text NOT NULL, type text NOT NULL, stream text NOT NULL, correlation_id text NOT NULL);
    CREATE INDEX entries_correlation ON entries (correlation_id, index);
    CREATE INDEX entries_stream ON entries (stream, index);
    CREATE TABLE head (
      single boolean PRIMARY KEY DEFAULT true CHECK (single), size bigint NOT NULL, hash text NOT NULL,
      peaks text[] NOT NULL, signed_size bigint NOT NULL DEFAULT 0);
    INSERT INTO head (size, hash, peaks) VALUES (0, '', '{}');
    CREATE TABLE checkpoints (size bigint PRIMARY KEY, note text NOT NULL, signed_at text NOT NULL);
    CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'DS003'; END $$;
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();`,
  `ALTER TABLE entries ENABLE ALWAYS TRIGGER append_only;
    ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER append_only;`,
]);

interface Head {
  readonly size: string;
  readonly hash: string;
  readonly peaks: readonly string[];
}

/** The Merkle frontier of a head row. */
export const frontierOf = ({ size, peaks }: Pick<Head, 'size' | 'peaks'>): Frontier => ({
  size: Number(size),
  peaks: peaks.map((peak) => Buffer.from(peak, 'hex')),
});

const insert = `INSERT INTO entries
  (index, topic, received_at, envelope, previous_hash, hash, event_id, type, stream, correlation_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
const advance = 'UPDATE head SET size = $1, hash = $2, peaks = $3';

/** The stream an entry is listed under; what outsiders say of our streams never stands among our own events. */
export const streamOf = (topic: string, envelope: Pick<Envelope, 'subject'>): string =>
  topic === topics.schemaChanges ? `${topic}/${envelope.subject}` : envelope.subject;

/** Appends one message; the head's row lock makes indexes gap-free and the chain single. */
export const appendEntry = async (
  client: PostgresTransaction,
  topic: string,
  envelope: Envelope,
  receivedAt: string,
): Promise<void> => {
  const { rows } = await client.query<Head>('SELECT size, hash, peaks FROM head FOR UPDATE');
  const head = rows[0];
  if (head === undefined) throw new Error('the ledger has no head');
  const frontier = frontierOf(head);
  const previous = frontier.size === 0 ? undefined : { index: frontier.size - 1, hash: head.hash };
  const entry = nextEntry(previous, { topic, envelope, receivedAt });
  const next = addLeaf(frontier, Buffer.from(entry.hash, 'hex')).frontier;
  const { index, previousHash, hash } = entry;
  const found = [envelope.id, envelope.type, streamOf(topic, envelope), envelope.correlationid];
  await client.query(insert, [index, topic, receivedAt, JSON.stringify(envelope), previousHash, hash, ...found]);
  await client.query(advance, [next.size, hash, next.peaks.map((peak) => Buffer.from(peak).toString('hex'))]);
};

/** All checkpoints, oldest first. */
export const checkpoints = async (pool: Pool): Promise<readonly { size: number; note: string }[]> => {
  const { rows } = await pool.query<{ size: string; note: string }>('SELECT size, note FROM checkpoints ORDER BY size');
  return rows.map(({ size, note }) => ({ size: Number(size), note }));
};

interface EntryRow {
  readonly index: string;
  readonly topic: string;
  readonly received_at: string;
  readonly envelope: Envelope;
  readonly previous_hash: string;
  readonly hash: string;
}

const entryOf = (row: EntryRow): LedgerEntry & { readonly envelope: Envelope } => ({
  index: Number(row.index),
  topic: row.topic,
  envelope: row.envelope,
  receivedAt: row.received_at,
  previousHash: row.previous_hash,
  hash: row.hash,
});

/** Which entries to list. */
export interface EntryFilter {
  readonly after?: number | undefined;
  readonly correlationId?: string | undefined;
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
}

/** A page of entries in order. */
export const listEntries = async (
  pool: Pool,
  { after = -1, correlationId, stream, type }: EntryFilter,
  limit: number,
): Promise<readonly (LedgerEntry & { readonly envelope: Envelope })[]> => {
  const select = `SELECT index, topic, received_at, envelope, previous_hash, hash FROM entries
    WHERE index > $1 AND ($2::text IS NULL OR correlation_id = $2) AND ($3::text IS NULL OR stream = $3)
      AND ($4::text IS NULL OR type LIKE $4) ORDER BY index LIMIT $5`;
  const values = [after, correlationId ?? null, stream ?? null, type === undefined ? null : `dsem.${type}.v%`, limit];
  return (await pool.query<EntryRow>(select, values)).rows.map(entryOf);
};

/** Entries 0 to `size`, read page by page: memory does not grow with the ledger. */
export async function* readEntries(pool: Pool, size: number): AsyncGenerator<LedgerEntry> {
  for (let after = -1; after + 1 < size;) {
    const page = await listEntries(pool, { after }, 500);
    if (page.length === 0) return;
    yield* page;
    after = page.at(-1)?.index ?? size;
  }
}

/** How many entries there are. */
export const ledgerSize = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ size: string }>('SELECT size FROM head');
  return Number(rows[0]?.size ?? 0);
};
