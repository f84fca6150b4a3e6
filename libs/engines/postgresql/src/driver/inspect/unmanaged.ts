import { modelledRange } from './types.js';
import { notOfExtension, ofUser } from './catalogue.js';

const placed = (kind: string, catalogue: string, prefix: string, where: string): string => `
SELECT ${kind} AS kind, quote_ident(n.nspname) || '.' || quote_ident(x.${prefix}name) AS name
FROM ${catalogue} x JOIN pg_namespace n ON n.oid = x.${prefix}namespace
WHERE ${ofUser()} AND ${notOfExtension(catalogue, 'x.oid')} AND ${where}`;

const onTable = (kind: string, catalogue: string, relation: string, name: string, where: string): string => `
SELECT ${kind} AS kind, quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(${name}) AS name
FROM ${catalogue} x JOIN pg_class c ON c.oid = x.${relation} JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')} AND ${where}`;

const relationWord = `CASE WHEN x.relkind IN ('r', 'p') THEN 'table' WHEN x.relkind = 'm' THEN 'materialized view' ELSE 'index' END`;

/** Everything of the user that stands in the database and has no noun in the model yet. */
export const unmanagedQuery = [
  placed(
    `CASE x.typtype WHEN 'r' THEN 'range type' WHEN 'p' THEN 'shell type' ELSE 'base type' END`,
    'pg_type',
    'typ',
    `((x.typtype = 'r' AND EXISTS (SELECT FROM pg_range r WHERE r.rngtypid = x.oid AND NOT ${modelledRange()}))
      OR x.typtype = 'p' OR (x.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = x.oid)))`,
  ),
  placed(`'operator without a function'`, 'pg_operator', 'opr', 'x.oprcode = 0'),
  onTable(
    `'unfinished key of partitioned table'`,
    'pg_constraint',
    'conrelid',
    'x.conname',
    `x.contype IN ('p', 'u') AND c.relkind = 'p' AND NOT (SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = x.conindid)`,
  ),
  onTable(
    `'unfinished detachment of partition'`,
    'pg_inherits',
    'inhrelid',
    'c.relname',
    `to_jsonb(x)->>'inhdetachpending' = 'true'`,
  ),
  onTable(
    `'unchecked NOT NULL'`,
    'pg_constraint',
    'conrelid',
    'x.conname',
    `x.contype = 'n' AND NOT x.convalidated AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.conrelid
      AND a.attnum = x.conkey[1] AND a.attinhcount > 0 AND (NOT a.attislocal OR c.relispartition)) AND x.coninhcount = 0`,
  ),
  onTable(
    `'comment on NOT NULL'`,
    'pg_constraint',
    'conrelid',
    'x.conname',
    `x.contype = 'n' AND obj_description(x.oid, 'pg_constraint') IS NOT NULL`,
  ),
  placed(
    `'tablespace of ' || ${relationWord}`,
    'pg_class',
    'rel',
    `x.relkind IN ('r', 'p', 'm', 'i', 'I') AND x.reltablespace <> 0`,
  ),
  placed(
    `'access method of ' || ${relationWord}`,
    'pg_class',
    'rel',
    `x.relkind IN ('r', 'p', 'm') AND x.relam NOT IN (0, (SELECT oid FROM pg_am WHERE amname = 'heap'))`,
  ),
  placed(
    `'clustering of materialized view'`,
    'pg_class',
    'rel',
    `x.relkind = 'm' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = x.oid AND i.indisclustered)`,
  ),
  placed(`'replica identity of materialized view'`, 'pg_class', 'rel', `x.relkind = 'm' AND x.relreplident <> 'd'`),
  `SELECT 'privilege CREATE of everybody on schema', 'public' FROM pg_namespace x WHERE x.nspname = 'public' AND
    EXISTS (SELECT FROM aclexplode(x.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')
      <> (current_setting('server_version_num')::integer < 150000)`,
  `SELECT 'access method', quote_ident(x.amname) FROM pg_am x
    WHERE x.oid >= 16384 AND ${notOfExtension('pg_am', 'x.oid')}`,
  `SELECT 'language', quote_ident(l.lanname) FROM pg_language l
    WHERE l.oid >= 16384 AND ${notOfExtension('pg_language', 'l.oid')}`,
  `SELECT 'subscription', quote_ident(x.subname) FROM pg_subscription x
    WHERE x.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
  `SELECT 'default privileges on', 'large objects' FROM pg_default_acl x WHERE x.defaclobjtype NOT IN ('r', 'S', 'f', 'T', 'n')`,
].join('\nUNION ALL\n');

export interface UnmanagedRow {
  readonly kind: string;
  readonly name: string;
}

/** `function public.touch` and the like, sorted. */
export const unmanaged = (rows: readonly UnmanagedRow[]): readonly string[] =>
  rows.map((row) => `${row.kind} ${row.name}`).toSorted();
