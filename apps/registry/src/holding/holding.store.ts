import type { EnvironmentEvent } from '@dsem/events';
import { digest, emptySchema, type EngineName } from '@dsem/schema';
import { tables } from '@dsem/service-host';

interface Queryable {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
}

export const holdingTables = tables('holdings', [
  `CREATE TABLE holdings (
      environment text NOT NULL, schema text NOT NULL, version text, digest text NOT NULL,
      PRIMARY KEY (environment, schema));
    CREATE INDEX holdings_schema ON holdings (schema);
    CREATE TABLE retired_environments (name text PRIMARY KEY)`,
]);

/** Remembers what an environment holds, and whether it is there; the same event again changes nothing. */
export const rememberHolding = async (db: Queryable, event: EnvironmentEvent): Promise<void> => {
  switch (event.type) {
    case 'RevisionRecorded': {
      const { environment, subject, version = null, digest: held } = event.data;
      const upsert = `INSERT INTO holdings (environment, schema, version, digest) VALUES ($1, $2, $3, $4)
        ON CONFLICT (environment, schema) DO UPDATE SET version = $3, digest = $4`;
      await db.query(upsert, [environment, subject, version, held]);
      return;
    }
    case 'EnvironmentRetired': {
      const { environment, forced = false } = event.data;
      await db.query('INSERT INTO retired_environments (name) VALUES ($1) ON CONFLICT DO NOTHING', [environment]);
      if (!forced) await db.query('DELETE FROM holdings WHERE environment = $1', [environment]);
      return;
    }
    case 'EnvironmentAdded':
      await db.query('DELETE FROM retired_environments WHERE name = $1', [event.data.environment]);
      return;
    default:
  }
};

/** Which environments hold something of a schema, each with the version where it has one. */
export const holdersOf = async (db: Queryable, schema: string, engine: EngineName): Promise<readonly string[]> => {
  const select = `SELECT concat_ws(' at ', environment, version) AS held FROM holdings
    WHERE schema = $1 AND digest <> $2 AND environment NOT IN (SELECT name FROM retired_environments)
    ORDER BY environment`;
  const { rows } = await db.query(select, [schema, digest(emptySchema(engine))]);
  return (rows as { held: string }[]).map(({ held }) => held);
};
