import type { Session } from '@dsem/engine';
import { pathOf } from '@dsem/schema';
import type { Link } from './connect.js';
import { failureKind } from './failure.js';
import { notOfExtension, ofUser } from './inspect/catalogue.js';

const exactBytes = 'pg_total_relation_size(c.oid)';
/** Catalogue pages only: takes no lock, and knows nothing of growth since the last vacuum. */
const knownBytes = `current_setting('block_size')::bigint * (c.relpages + coalesce((
  SELECT sum(i.relpages) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid), 0))`;

const sizeQuery = (bytes: string): string => `
SELECT n.nspname::text AS namespace, c.relname::text AS name, (${bytes})::float8 AS bytes,
  CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(c.oid) END::float8 AS rows
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

interface SizeRow {
  readonly namespace: string;
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

const measure = async (link: Link): Promise<readonly SizeRow[]> => {
  await link.query(`BEGIN READ ONLY; SET LOCAL lock_timeout = '1s'`);
  try {
    return await link.query<SizeRow>(sizeQuery(exactBytes));
  } finally {
    await link.query('ROLLBACK').catch(() => undefined);
  }
};

/** Row and byte estimates; where a table is locked, from the catalogue alone. */
export const tableSizes = async (link: Link): ReturnType<Session['tableSizes']> => {
  const rows = await measure(link).catch((error: unknown) => {
    if (failureKind(error) !== 'lock-timeout') throw error;
    return link.query<SizeRow>(sizeQuery(knownBytes));
  });
  return new Map(rows.map((row) => [pathOf(row), { rows: row.rows, bytes: row.bytes }]));
};
