import type { Column, Identity, Json } from '@dsem/schema';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { openOptionArray } from './foreign.js';
import { attributesOf, optional, reloptionsOf } from './rows.js';
import { optionsOf, type SequenceRow } from './sequences.js';

export const columnQuery = `
SELECT a.attrelid AS relation, a.attnum AS position, a.attname::text AS name,
  format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required, a.attidentity AS identity,
  a.attinhcount > 0 AND (NOT a.attislocal OR c.relispartition) AS inherited,
  a.attgenerated AS generated, pg_get_expr(d.adbin, d.adrelid) AS expression,
  CASE WHEN a.attcollation <> t.typcollation THEN k.collname::text END AS collation,
  CASE WHEN a.attfdwoptions IS NOT NULL THEN ${openOptionArray('a.attfdwoptions')} END AS foreign_options,
  CASE WHEN a.attcollation <> t.typcollation AND kn.nspname <> 'pg_catalog' THEN kn.nspname::text END AS collation_namespace,
  CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage, to_jsonb(a)->>'attcompression' AS compression,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics, a.attoptions AS options,
  o.description AS comment, required.name AS required_name, required.no_inherit, required.unchecked
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_description o ON o.objoid = a.attrelid AND o.classoid = 'pg_class'::regclass AND o.objsubid = a.attnum
LEFT JOIN (SELECT q.conrelid, q.conkey[1] AS key, q.conname::text AS name, q.connoinherit AS no_inherit, NOT q.convalidated AS unchecked
  FROM pg_constraint q WHERE q.contype = 'n' AND q.coninhcount = 0
    AND (q.connoinherit OR NOT q.convalidated OR q.conname !~ '_not_null[0-9]*$')) AS required
  ON required.conrelid = a.attrelid AND required.key = a.attnum
LEFT JOIN pg_collation k ON k.oid = a.attcollation
LEFT JOIN pg_namespace kn ON kn.oid = k.collnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND ${modelledRelation()} AND ${ofUser()}
  AND ${notOfExtension('pg_class', 'c.oid')}
ORDER BY a.attrelid, a.attnum`;

export interface ColumnRow {
  readonly relation: number;
  readonly position: number;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly identity: '' | 'a' | 'd';
  /** The column comes from a parent and would go with the parent's. */
  readonly inherited: boolean;
  readonly generated: '' | 's' | 'v';
  readonly expression: string | null;
  readonly collation: string | null;
  readonly collation_namespace: string | null;
  /** Of a foreign table's column, without options that may hold a secret. */
  readonly foreign_options: readonly string[] | null;
  /** Only where it is not the type's own. */
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  /** Of a NOT NULL that says more than itself, from 18 on. */
  readonly required_name: string | null;
  readonly no_inherit: boolean | null;
  readonly unchecked: boolean | null;
  readonly options: readonly string[] | null;
  readonly comment: string | null;
}

const storages: { readonly [letter: string]: string } = { p: 'plain', e: 'external', x: 'extended', m: 'main' };
const compressions: { readonly [letter: string]: string } = { p: 'pglz', l: 'lz4' };

const identityOf = (row: ColumnRow, sequence: SequenceRow | undefined): Identity | undefined => {
  if (row.identity === '') return undefined;
  return {
    always: row.identity === 'a',
    ...optional('options', sequence === undefined ? undefined : optionsOf(sequence)),
  };
};

const collationOf = (row: ColumnRow): string | undefined => {
  if (row.collation === null) return undefined;
  return row.collation_namespace === null ? row.collation : `${row.collation_namespace}.${row.collation}`;
};

/** The name of one that comes from a parent says nothing: a child has it from there. */
const notNullOf = (row: ColumnRow): Json | undefined =>
  row.required_name === null || row.inherited
    ? undefined
    : {
        name: row.required_name,
        ...(row.no_inherit ? { noInherit: true } : {}),
        ...(row.unchecked ? { unchecked: true } : {}),
      };

/** One column; the hidden sequence of an identity column gives its options. */
export const column = (row: ColumnRow, sequence: SequenceRow | undefined): Column => ({
  name: row.name,
  type: { native: row.type, canonical: { kind: 'opaque', native: row.type } },
  nullable: !row.required,
  ...(row.expression === null
    ? {}
    : row.generated === ''
      ? { default: row.expression }
      : { generated: { expression: row.expression, stored: row.generated === 's' } }),
  ...optional('identity', identityOf(row, sequence)),
  ...optional('comment', row.comment),
  ...attributesOf({
    foreignOptions: reloptionsOf(row.foreign_options),
    collation: collationOf(row),
    storage: storages[row.storage ?? ''],
    compression: compressions[row.compression ?? ''],
    statistics: row.statistics ?? undefined,
    notNull: notNullOf(row),
    options: reloptionsOf(row.options),
    inherited: row.inherited ? row.name : undefined,
  }),
});
