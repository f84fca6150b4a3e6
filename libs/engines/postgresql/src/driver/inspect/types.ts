import type { Attributes, Check, Column, DomainType, EnumType, OtherType, StructType } from '@dsem/schema';
import { shortest, shortestName } from '../../dialect/identifiers.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { attributesOf, optional } from './rows.js';

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

const own = (alias: string, type: string): string => `
  CASE WHEN ${alias}.oid <> ${type}.typcollation THEN ${alias}.collname::text END AS collation,
  CASE WHEN ${alias}.oid <> ${type}.typcollation AND ${alias}n.nspname <> 'pg_catalog' THEN ${alias}n.nspname::text END
    AS collation_namespace`;

/** Checks in the order of their names; NOT NULL is a constraint since 17 and told by the type on every version. */
export const domainQuery = `
SELECT t.typname::text AS name, n.nspname::text AS namespace, format_type(t.typbasetype, t.typtypmod) AS base,
  t.typnotnull AS required, pg_get_expr(t.typdefaultbin, 'pg_type'::regclass) AS usual, ${own('k', 'b')},
  obj_description(t.oid, 'pg_type') AS comment,
  coalesce((SELECT jsonb_agg(jsonb_build_object('name', c.conname, 'expression', pg_get_expr(c.conbin, 0),
      'validated', c.convalidated, 'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.conname)
    FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'), '[]') AS checks
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation k ON k.oid = t.typcollation
LEFT JOIN pg_namespace kn ON kn.oid = k.collnamespace
WHERE t.typtype = 'd' AND ${ofUser()} AND ${notOfExtension('pg_type', 't.oid')}`;

interface CollationRow {
  readonly collation: string | null;
  readonly collation_namespace: string | null;
}

export interface DomainRow extends CollationRow {
  readonly name: string;
  readonly namespace: string;
  readonly base: string;
  readonly required: boolean;
  readonly usual: string | null;
  readonly comment: string | null;
  readonly checks: readonly {
    readonly name: string;
    readonly expression: string;
    readonly validated: boolean;
    readonly comment: string | null;
  }[];
}

/** One row per attribute; a composite type without any has one with nulls. */
export const structQuery = `
SELECT c.relname::text AS name, n.nspname::text AS namespace, obj_description(t.oid, 'pg_type') AS comment,
  a.attname::text AS field, format_type(a.atttypid, a.atttypmod) AS type, ${own('k', 'f')},
  col_description(a.attrelid, a.attnum) AS field_comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.typrelid = c.oid
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type f ON f.oid = a.atttypid
LEFT JOIN pg_collation k ON k.oid = a.attcollation
LEFT JOIN pg_namespace kn ON kn.oid = k.collnamespace
WHERE c.relkind = 'c' AND ${ofUser()} AND ${notOfExtension('pg_type', 't.oid')}
ORDER BY c.oid, a.attnum`;

export interface StructRow extends CollationRow {
  readonly name: string;
  readonly namespace: string;
  readonly comment: string | null;
  readonly field: string | null;
  readonly type: string;
  readonly field_comment: string | null;
}

/** Whether the range type `r` can be made by anybody: a canonical function takes C. */
export const modelledRange = (r = 'r'): string => `${r}.rngcanonical = 0`;

export const rangeQuery = `
SELECT t.typname::text AS name, n.nspname::text AS namespace, obj_description(t.oid, 'pg_type') AS comment,
  format_type(r.rngsubtype, NULL) AS subtype, ${own('k', 's')},
  CASE WHEN NOT o.opcdefault THEN o.opcname::text END AS opclass,
  CASE WHEN NOT o.opcdefault AND opn.nspname <> 'pg_catalog' THEN opn.nspname::text END AS opclass_namespace,
  p.proname::text AS difference, CASE WHEN pn.nspname <> 'pg_catalog' THEN pn.nspname::text END AS difference_namespace,
  m.typname::text AS multirange, mn.nspname::text AS multirange_namespace
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace opn ON opn.oid = o.opcnamespace
LEFT JOIN pg_collation k ON k.oid = r.rngcollation
LEFT JOIN pg_namespace kn ON kn.oid = k.collnamespace
LEFT JOIN pg_proc p ON p.oid = r.rngsubdiff
LEFT JOIN pg_namespace pn ON pn.oid = p.pronamespace
LEFT JOIN pg_type m ON m.oid = (to_jsonb(r)->>'rngmultitypid')::oid
LEFT JOIN pg_namespace mn ON mn.oid = m.typnamespace
WHERE ${modelledRange()} AND ${ofUser()} AND ${notOfExtension('pg_type', 't.oid')}`;

export interface RangeRow extends CollationRow {
  readonly name: string;
  readonly namespace: string;
  readonly comment: string | null;
  readonly subtype: string;
  readonly opclass: string | null;
  readonly opclass_namespace: string | null;
  readonly difference: string | null;
  readonly difference_namespace: string | null;
  readonly multirange: string | null;
  readonly multirange_namespace: string | null;
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

const native = (name: string) => ({ native: name, canonical: { kind: 'opaque' as const, native: name } });

const collationOf = ({ collation, collation_namespace }: CollationRow): string | undefined => {
  if (collation === null) return undefined;
  return collation_namespace === null ? collation : `${collation_namespace}.${collation}`;
};

const checkOf = ({ name, expression, validated, comment }: DomainRow['checks'][number]): Check => ({
  name,
  expression,
  ...(validated ? {} : { validated: false as const }),
  ...optional('comment', comment),
});

/** Turns rows of `domainQuery` into nouns. */
export const domains = (rows: readonly DomainRow[]): readonly DomainType[] =>
  rows.map((row) => ({
    kind: 'domain',
    name: row.name,
    namespace: row.namespace,
    base: native(row.base),
    nullable: !row.required,
    checks: row.checks.map(checkOf),
    ...optional('default', row.usual),
    ...optional('comment', row.comment),
    ...attributesOf({ collation: collationOf(row) }),
  }));

const fieldOf = (row: StructRow): readonly Column[] =>
  row.field === null
    ? []
    : [
        {
          name: row.field,
          type: native(row.type),
          nullable: true,
          ...optional('comment', row.field_comment),
          ...attributesOf({ collation: collationOf(row) }),
        },
      ];

/** Turns rows of `structQuery`, which stand together by type, into nouns. */
export const structs = (rows: readonly StructRow[]): readonly StructType[] => {
  const types = new Map<string, StructType>();
  for (const row of rows) {
    const key = JSON.stringify([row.namespace, row.name]);
    const known = types.get(key);
    types.set(key, {
      kind: 'struct',
      name: row.name,
      namespace: row.namespace,
      fields: [...(known?.fields ?? []), ...fieldOf(row)],
      ...optional('comment', row.comment),
    });
  }
  return [...types.values()];
};

const named = (name: string | null, namespace: string | null): string | undefined => {
  if (name === null) return undefined;
  return namespace === null ? shortest(name) : shortestName(namespace, name);
};

const definitionOf = (row: RangeRow): Attributes =>
  ({
    kind: 'range',
    subtype: row.subtype,
    ...optional('collation', collationOf(row)),
    ...optional('opclass', named(row.opclass, row.opclass_namespace)),
    ...optional('subtypeDiff', named(row.difference, row.difference_namespace)),
    ...optional('multirange', named(row.multirange, row.multirange_namespace)),
  }) as Attributes;

/** Turns rows of `rangeQuery` into nouns. */
export const ranges = (rows: readonly RangeRow[]): readonly OtherType[] =>
  rows.map((row) => ({
    kind: 'other',
    name: row.name,
    namespace: row.namespace,
    definition: definitionOf(row),
    ...optional('comment', row.comment),
  }));
