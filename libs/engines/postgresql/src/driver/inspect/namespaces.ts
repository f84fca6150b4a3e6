import type { Extension, Namespace } from '@dsem/schema';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** `public` exists without being asked for, as in a definition, so it is not listed. */
export const namespaceQuery = `
SELECT n.nspname::text AS name, obj_description(n.oid, 'pg_namespace') AS comment
FROM pg_namespace n
WHERE ${ofUser()} AND n.nspname <> 'public' AND ${notOfExtension('pg_namespace', 'n.oid')}`;

export interface NamespaceRow {
  readonly name: string;
  readonly comment: string | null;
}

/** Turns rows of `namespaceQuery` into nouns. */
export const namespaces = (rows: readonly NamespaceRow[]): readonly Namespace[] =>
  rows.map((row) => ({ name: row.name, ...optional('comment', row.comment) }));

/** The version is told only when it is not the one the server would install unasked. */
export const extensionQuery = `
SELECT x.extname::text AS name, n.nspname::text AS namespace,
  CASE WHEN x.extversion <> a.default_version THEN x.extversion END AS version
FROM pg_extension x
JOIN pg_namespace n ON n.oid = x.extnamespace
LEFT JOIN pg_available_extensions() a ON a.name = x.extname
WHERE x.extname <> 'plpgsql'`;

export interface ExtensionRow {
  readonly name: string;
  readonly namespace: string;
  readonly version: string | null;
}

/** Turns rows of `extensionQuery` into nouns. */
export const extensions = (rows: readonly ExtensionRow[]): readonly Extension[] =>
  rows.map((row) => ({ name: row.name, namespace: row.namespace, ...optional('version', row.version) }));
