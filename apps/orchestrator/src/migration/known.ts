import { tables } from '@dsem/service-host';
import type { compatibilityAssessed, versionRegistered } from '@dsem/events';
import { hintsBetween, type RenameHint, type ToldRenames } from '@dsem/schema';

interface Queryable {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
}

type Registered = ReturnType<typeof versionRegistered.of>['data'];
/** How the validator judged a version. */
export type Assessed = ReturnType<typeof compatibilityAssessed.of>['data'];

export const knownTables = tables('known', [
  `CREATE TABLE versions (
      schema text NOT NULL, version text NOT NULL, number integer NOT NULL, engine text NOT NULL, digest text NOT NULL,
      PRIMARY KEY (schema, version));
    CREATE TABLE assessments (
      schema text NOT NULL, version text NOT NULL, position bigint NOT NULL, body jsonb NOT NULL,
      PRIMARY KEY (schema, version))`,
  "ALTER TABLE versions ADD COLUMN renamed_from jsonb NOT NULL DEFAULT '[]'",
]);

/** A registered version as the registry told it. */
export interface KnownVersion {
  readonly schema: string;
  readonly version: string;
  readonly number: number;
  readonly engine: string;
  readonly digest: string;
}

/** Remembers a version; the same one again changes nothing. */
export const rememberVersion = async (db: Queryable, data: Registered): Promise<void> => {
  const { subject, version, number, engine, digest, renamedFrom = [] } = data;
  const insert = `INSERT INTO versions (schema, version, number, engine, digest, renamed_from)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;
  await db.query(insert, [subject, version, number, engine, digest, JSON.stringify(renamedFrom)]);
};

/** The version named, once the registry has told of it. */
export const knownVersion = async (
  db: Queryable,
  schema: string,
  version: string,
): Promise<KnownVersion | undefined> => {
  const select = 'SELECT schema, version, number, engine, digest FROM versions WHERE schema = $1 AND version = $2';
  const { rows } = await db.query(select, [schema, version]);
  return rows[0] as KnownVersion | undefined;
};

/** What the versions from one to another say of earlier names, forward or back; `from` may be no version. */
export const renamesBetween = async (
  db: Queryable,
  schema: string,
  from: string | undefined,
  to: string,
): Promise<readonly RenameHint[]> => {
  const select = `SELECT version, number, renamed_from AS "renamedFrom" FROM versions WHERE schema = $1
    AND (renamed_from <> '[]' OR version IN ($2, $3))`;
  const { rows } = await db.query(select, [schema, from ?? null, to]);
  const versions = rows as readonly (ToldRenames & { readonly version: string })[];
  const numberOf = (version: string | undefined): number | undefined =>
    versions.find((each) => each.version === version)?.number;
  const last = numberOf(to);
  return last === undefined ? [] : hintsBetween(versions, numberOf(from), last);
};

/** Remembers the newest judgement of a version; an older one that arrives late changes nothing. */
export const rememberAssessment = async (db: Queryable, data: Assessed, position: string): Promise<void> => {
  const upsert = `INSERT INTO assessments (schema, version, position, body) VALUES ($1, $2, $3, $4)
    ON CONFLICT (schema, version) DO UPDATE SET position = $3, body = $4 WHERE assessments.position < $3`;
  await db.query(upsert, [data.subject, data.version, position, JSON.stringify(data)]);
};

/** The newest judgement of a version; undefined until the validator has spoken. */
export const knownAssessment = async (
  db: Queryable,
  schema: string,
  version: string,
): Promise<Assessed | undefined> => {
  const { rows } = await db.query('SELECT body FROM assessments WHERE schema = $1 AND version = $2', [schema, version]);
  return (rows[0] as { body: Assessed } | undefined)?.body;
};
