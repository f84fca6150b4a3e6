import { tables } from '@dsem/service-host';
import { digest, type EngineName, type Schema } from '@dsem/schema';
import type { Pool } from 'pg';

/** Bodies of definitions by digest: written once, never changed, never deleted while a version names them. */
export interface DefinitionStore {
  /** Keeps the body; the same body again is a no-op. Resolves to its digest. */
  readonly put: (schema: Schema) => Promise<string>;
  readonly get: (digest: string) => Promise<Schema | undefined>;
}

export const definitionTables = tables('definitions', [
  `CREATE TABLE definitions (
    digest text PRIMARY KEY,
    engine text NOT NULL,
    body json NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
  )`,
]);

/** Definitions in the registry's own schema. */
export const postgresDefinitions = (pool: Pool): DefinitionStore => ({
  put: async (schema) => {
    const key = digest(schema);
    const insert = 'INSERT INTO definitions (digest, engine, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
    await pool.query(insert, [key, schema.engine, JSON.stringify(schema)]);
    return key;
  },
  get: async (key) => {
    const select = 'SELECT engine, body FROM definitions WHERE digest = $1';
    const { rows } = await pool.query<{ engine: EngineName; body: Schema }>(select, [key]);
    return rows[0]?.body;
  },
});
