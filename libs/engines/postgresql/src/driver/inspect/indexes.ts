import type { Index, IndexKey } from '@dsem/schema';
import type { Names } from './constraints.js';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { attributesOf, optional, reloptionsOf } from './rows.js';

/**
 * Indexes that no key owns, those of exclusion constraints included, and that are not a partition's part of another one. Key arrays are parallel; a null
 * operator class or collation means the default, which is that of the column or what an expression comes with.
 */
export const indexQuery = `
SELECT i.indrelid AS relation, ic.relname::text AS name, am.amname::text AS method, i.indisunique AS is_unique,
  i.indisvalid AND i.indisready AS valid, i.indnkeyatts AS key_count, i.indkey::int2[] AS positions,
  i.indoption::int2[] AS options, pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
  CASE WHEN i.indclass::oid[] && special.classes OR i.indexrelid = ANY (special.tuned)
    THEN ARRAY(SELECT CASE WHEN NOT o.opcdefault OR a.attoptions IS NOT NULL THEN
      CASE WHEN opn.nspname IN ('pg_catalog', 'public') THEN '' ELSE quote_ident(opn.nspname) || '.' END || quote_ident(o.opcname) END
    FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS k(oid, n) JOIN pg_opclass o ON o.oid = k.oid
    JOIN pg_namespace opn ON opn.oid = o.opcnamespace
    JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = k.n ORDER BY k.n)
    ELSE '{}' END AS classes,
  CASE WHEN i.indexrelid = ANY (special.tuned) THEN (SELECT jsonb_agg(jsonb_build_object('options', a.attoptions,
    'statistics', nullif(a.attstattarget, -1)) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid) END AS tuning,
  CASE WHEN i.indcollation::oid[] <@ '{0}' OR (i.indcollation::oid[] <@ '{0,100}' AND i.indrelid <> ALL (special.collated))
    THEN '{}' ELSE ARRAY(SELECT CASE WHEN k.oid <> 0 AND k.oid <> coalesce(a.attcollation, 100)
      AND (a.attnum IS NOT NULL OR pg_get_indexdef(i.indexrelid) LIKE '% COLLATE %') THEN
      CASE WHEN ln.nspname = 'pg_catalog' THEN l.collname ELSE ln.nspname || '.' || l.collname END::text END
    FROM unnest(i.indcollation::oid[]) WITH ORDINALITY AS k(oid, n)
    LEFT JOIN pg_collation l ON l.oid = k.oid
    LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] AND a.attnum <> 0
    ORDER BY k.n) END AS collations,
  CASE WHEN i.indexprs IS NULL THEN '{}'
    ELSE ARRAY(SELECT CASE WHEN i.indkey[n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, n, true) END
    FROM generate_series(1, i.indnkeyatts::int) AS n ORDER BY n) END AS expressions,
  CASE WHEN i.indexprs IS NOT NULL AND NOT i.indcollation::oid[] <@ '{0,100}' THEN pg_get_indexdef(i.indexrelid) END AS definition,
  CASE WHEN i.indisunique THEN to_jsonb(i)->>'indnullsnotdistinct' = 'true' END AS nulls_not_distinct,
  ic.reloptions AS storage, coalesce(obj_description(x.oid, 'pg_constraint'), d.description) AS comment,
  x.oid IS NOT NULL AS exclusion, coalesce(x.condeferrable, false) AS deferrable, coalesce(x.condeferred, false) AS deferred,
  CASE WHEN x.oid IS NULL THEN '{}' ELSE ARRAY(SELECT CASE WHEN opn.nspname IN ('pg_catalog', 'public') THEN op.oprname::text
    ELSE opn.nspname || '.' || op.oprname END FROM unnest(x.conexclop) WITH ORDINALITY AS k(oid, n)
    JOIN pg_operator op ON op.oid = k.oid JOIN pg_namespace opn ON opn.oid = op.oprnamespace ORDER BY k.n) END AS operators
FROM pg_index i
CROSS JOIN (SELECT ARRAY(SELECT oid FROM pg_opclass WHERE NOT opcdefault) AS classes,
  ARRAY(SELECT DISTINCT attrelid FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 AND attcollation NOT IN (0, 100))
    AS collated, ARRAY(SELECT DISTINCT a.attrelid FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid AND t.relkind IN ('i', 'I')
      WHERE a.attrelid >= 16384 AND (a.attoptions IS NOT NULL OR coalesce(a.attstattarget, -1) <> -1)) AS tuned) AS special
JOIN pg_class ic ON ic.oid = i.indexrelid
LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.contype = 'x'
LEFT JOIN pg_description d ON x.oid IS NULL AND d.objoid = i.indexrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = ic.relam
WHERE ${modelledRelation()} AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}
  AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))`;

interface Tuning {
  readonly options: readonly string[] | null;
  readonly statistics: number | null;
}

export interface IndexRow {
  readonly relation: number;
  readonly name: string;
  readonly method: string;
  readonly is_unique: boolean;
  readonly valid: boolean;
  readonly key_count: number;
  readonly positions: readonly number[];
  readonly options: readonly number[];
  readonly predicate: string | null;
  readonly classes: readonly (string | null)[];
  readonly collations: readonly (string | null)[];
  /** Of an index on an expression with another collation than the default. */
  readonly definition: string | null;
  readonly expressions: readonly (string | null)[];
  readonly nulls_not_distinct: boolean | null;
  readonly storage: readonly string[] | null;
  readonly comment: string | null;
  /** Of keys with parameters of the operator class or a statistics target. */
  readonly tuning: readonly Tuning[] | null;
  readonly exclusion: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly operators: readonly string[];
}

const descending = 1;
const nullsFirst = 2;

/** Order and place of nulls, absent where they are what the server assumes (`desc` puts nulls first by itself). */
const orderOf = (option: number): Pick<IndexKey, 'order' | 'nulls'> => {
  const desc = (option & descending) !== 0;
  const first = (option & nullsFirst) !== 0;
  return {
    ...(desc ? { order: 'desc' as const } : {}),
    ...(first === desc ? {} : { nulls: first ? ('first' as const) : ('last' as const) }),
  };
};

const collates = (text: string | null): number => (text ?? '').split(' COLLATE ').length - 1;

/**
 * Whether the keys on expressions were given collations of their own: an expression has one that follows from what it is
 * made of, which the definition does not say.
 */
const saysCollation = ({ definition, expressions, predicate, positions, collations }: IndexRow): boolean => {
  const ofColumns = collations.filter((collation, at) => collation !== null && positions[at] !== 0).length;
  const inside = [...expressions, predicate].map(collates).reduce((sum, count) => sum + count, 0);
  return definition === null || collates(definition) - inside > ofColumns;
};

const collationAt = (row: IndexRow, at: number): string | undefined =>
  row.positions[at] !== 0 || saysCollation(row) ? (row.collations[at] ?? undefined) : undefined;

const keyAt = (row: IndexRow, at: number, names: Names): IndexKey => {
  const position = row.positions[at] ?? 0;
  return {
    ...(position === 0 ? { expression: row.expressions[at] ?? '' } : { column: names.column(row.relation, position) }),
    ...orderOf(row.options[at] ?? 0),
    ...attributesOf({
      operator: row.operators[at],
      opclassOptions: reloptionsOf(row.tuning?.[at]?.options ?? null),
      statistics: row.tuning?.[at]?.statistics ?? undefined,
      opclass: row.classes[at] ?? undefined,
      collation: collationAt(row, at),
    }),
  };
};

/** One index of a table or materialized view. */
export const index = (row: IndexRow, names: Names): Index => {
  const include = row.positions.slice(row.key_count).map((position) => names.column(row.relation, position));
  return {
    name: row.name,
    keys: Array.from({ length: row.key_count }, (_, at) => keyAt(row, at, names)),
    ...(row.is_unique ? { unique: true as const } : {}),
    ...(row.method === 'btree' ? {} : { method: row.method }),
    ...(include.length === 0 ? {} : { include }),
    ...optional('predicate', row.predicate),
    ...(row.valid ? {} : { valid: false as const }),
    ...optional('comment', row.comment),
    ...attributesOf({
      nullsNotDistinct: row.nulls_not_distinct === true ? true : undefined,
      options: reloptionsOf(row.storage),
      exclusion: row.exclusion || undefined,
      deferrable: row.deferrable || undefined,
      initiallyDeferred: row.deferred || undefined,
    }),
  };
};
