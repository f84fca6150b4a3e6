import type { EnumType } from '@dsem/schema';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

export const enumQuery = `
SELECT t.typname::text AS name, n.nspname::text AS namespace, obj_description(t.oid, 'pg_type') AS comment,
  ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS labels
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND ${ofUser()} AND ${notOfExtension('pg_type', 't.oid')}`;

export interface EnumRow {
  readonly name: string;
  readonly namespace: string;
  readonly labels: readonly string[];
  readonly comment: string | null;
}

/** Turns rows of `enumQuery` into nouns. */
export const enums = (rows: readonly EnumRow[]): readonly EnumType[] =>
  rows.map((row) => ({
    kind: 'enum',
    name: row.name,
    namespace: row.namespace,
    labels: row.labels,
    ...optional('comment', row.comment),
  }));
