import { tables } from '@dsem/service-host';
import type { ConsumerContract } from '@dsem/compat';
import type { ToldRenames } from '@dsem/schema';
import type { Mode } from './modes.js';

interface Queryable {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
}

export const knownTables = tables('known', [
  `CREATE TABLE versions (
      schema text NOT NULL, version text NOT NULL, number integer NOT NULL, engine text NOT NULL, digest text NOT NULL,
      ancestors jsonb NOT NULL, mode text NOT NULL, PRIMARY KEY (schema, version));
    CREATE TABLE contracts (
      consumer text NOT NULL, version text NOT NULL, schema text NOT NULL, reads jsonb NOT NULL, writes jsonb NOT NULL,
      environments jsonb NOT NULL, retired boolean NOT NULL DEFAULT false, PRIMARY KEY (consumer, version, schema));
    CREATE TABLE environments (
      name text PRIMARY KEY, type text NOT NULL, validation text NOT NULL, retired boolean NOT NULL DEFAULT false);
    CREATE TABLE revisions (
      environment text NOT NULL, schema text NOT NULL, version text, digest text NOT NULL,
      PRIMARY KEY (environment, schema))`,
  "ALTER TABLE versions ADD COLUMN renamed_from jsonb NOT NULL DEFAULT '[]'",
]);

/** A registered version as the registry told it. */
export interface KnownVersion extends ToldRenames {
  readonly schema: string;
  readonly version: string;
  readonly engine: string;
  readonly digest: string;
  /** Earlier digests of the branch, oldest first. */
  readonly ancestors: readonly string[];
  readonly mode: Mode;
}

/** Remembers a version; the same one again changes nothing. */
export const rememberVersion = async (db: Queryable, v: KnownVersion): Promise<void> => {
  const insert = `INSERT INTO versions (schema, version, number, engine, digest, mode, ancestors, renamed_from)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;
  const lists = [v.ancestors, v.renamedFrom].map((list) => JSON.stringify(list));
  await db.query(insert, [v.schema, v.version, v.number, v.engine, v.digest, v.mode, ...lists]);
};

const columns = 'schema, version, number, engine, digest, ancestors, mode, renamed_from AS "renamedFrom"';

/** The newest versions of a schema, newest first; one of them when `version` is given. */
export const knownVersions = async (
  db: Queryable,
  schema: string,
  limit: number,
  version?: string,
): Promise<readonly KnownVersion[]> => {
  const select = `SELECT ${columns} FROM versions
    WHERE schema = $1 AND ($3::text IS NULL OR version = $3) ORDER BY number DESC LIMIT $2`;
  const { rows } = await db.query(select, [schema, limit, version ?? null]);
  return rows as KnownVersion[];
};

/** Every version of a schema that says something of earlier names, and those named. */
export const renamingVersions = async (
  db: Queryable,
  schema: string,
  named: readonly string[],
): Promise<readonly KnownVersion[]> => {
  const select = `SELECT ${columns} FROM versions WHERE schema = $1 AND (renamed_from <> '[]' OR version = ANY ($2))`;
  const { rows } = await db.query(select, [schema, [...named]]);
  return rows as KnownVersion[];
};

/** The contracts of consumers that still run somewhere. */
export const liveContracts = async (db: Queryable, schema: string): Promise<readonly ConsumerContract[]> => {
  const select = `SELECT consumer AS name, version, reads, writes FROM contracts
    WHERE schema = $1 AND NOT retired ORDER BY consumer, version`;
  const { rows } = await db.query(select, [schema]);
  return rows as ConsumerContract[];
};

/** An environment with what it runs of one schema. */
export interface KnownEnvironment {
  readonly name: string;
  readonly validation: 'relaxed' | 'strict';
  readonly version: string | null;
  readonly digest: string | null;
}

/** The environments of those names, with their revision of the schema. */
export const knownEnvironments = async (
  db: Queryable,
  schema: string,
  names: readonly string[],
): Promise<readonly KnownEnvironment[]> => {
  const select = `SELECT e.name, e.validation, r.version, r.digest FROM environments e
    LEFT JOIN revisions r ON r.environment = e.name AND r.schema = $1
    WHERE e.name = ANY ($2) AND NOT e.retired`;
  const { rows } = await db.query(select, [schema, [...names]]);
  return rows as KnownEnvironment[];
};
