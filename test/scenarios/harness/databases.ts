import { driverFor } from '@dsem/catalogue/drivers';
import { surviving } from '@dsem/testkit';
import { digest } from '@dsem/schema';
import pg from 'pg';

/** One session to a database, ended after the work. */
export const withClient = async <Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** The first row of an answer, its values joined by commas. */
export const firstRow = (url: string, sql: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return (rows[0] ?? []).map(String).join(',');
  });

/** The digest of what a database really holds, read anew from its catalogue. */
export const liveDigest = async (url: string): Promise<string> => {
  const session = await (await driverFor('postgresql')).connect(url, { applicationName: 'dsem:scenario' });
  try {
    return digest(await session.inspect());
  } finally {
    await session.close();
  }
};

/** One row of the step journal in a target database. */
export interface JournalRow {
  readonly execution: string;
  readonly step: string;
  readonly direction: string;
  readonly state: string;
}

/** What the agent's journal says in a database, read past every part of the product. */
export const journalRows = (url: string): Promise<readonly JournalRow[]> =>
  withClient(url, async (client) => {
    const sql = 'SELECT execution, step, direction, state FROM dsem_control.journal ORDER BY at';
    return (await client.query<JournalRow>(sql)).rows;
  });

const lockKey = "hashtext('dsem-outbox:' || $1)";
const leaderQuery = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND objid = (${lockKey}::bigint & 4294967295)::oid`;

/**
 * Takes the leadership over a service's outbox from its relay, so that what the service appends is not published.
 * Answers how to give it back.
 */
export const holdOutbox = async (url: string, service: string): Promise<() => Promise<void>> => {
  const holder = surviving(new pg.Client({ connectionString: url }));
  await holder.connect();
  const held = holder.query(`SELECT pg_advisory_lock(${lockKey})`, [service]);
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(leaderQuery, [service]);
    for (const { pid } of rows) await client.query('SELECT pg_terminate_backend($1)', [pid]);
  });
  await held;
  return () => holder.end();
};

/** How many events a service has appended and not yet published. */
export const outboxBacklog = async (url: string, service: string): Promise<number> =>
  Number(await firstRow(url, `SELECT count(*) FROM ${pg.escapeIdentifier(service)}.outbox`));

/** Reads a table in a transaction that stays open; answers how to end it. */
export const holdReader = async (url: string, table: string): Promise<() => Promise<void>> => {
  const reader = surviving(new pg.Client({ connectionString: url }));
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query(`SELECT count(*) FROM ${pg.escapeIdentifier(table)}`);
  return () => reader.end();
};
