import type { Table, View } from '@dsem/schema';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { column, type ColumnRow } from './columns.js';
import { constraints, type ConstraintRow, type Names } from './constraints.js';
import { index, type IndexRow, optionsOf } from './indexes.js';
import { attributesOf, byRelation, optional } from './rows.js';
import type { SequenceRow } from './sequences.js';

export const relationQuery = `
SELECT c.oid AS relation, n.nspname::text AS namespace, c.relname::text AS name, c.relkind AS kind,
  c.relpersistence AS persistence, c.reloptions AS options,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS body, obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${modelledRelation()} AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

export interface RelationRow {
  readonly relation: number;
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'r' | 'v' | 'm';
  readonly persistence: 'p' | 'u';
  readonly options: readonly string[] | null;
  readonly body: string | null;
  readonly comment: string | null;
}

/** The rows of everything that stands inside a relation. */
export interface RelationParts {
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly sequences: readonly SequenceRow[];
}

/** Names by object number, so that rows can stay numbers in SQL. */
export const namesOf = (parts: Pick<RelationParts, 'relations' | 'columns'>): Names => {
  const relations = new Map(parts.relations.map((row) => [row.relation, { namespace: row.namespace, name: row.name }]));
  const columns = new Map(parts.columns.map((row) => [`${row.relation}.${row.position}`, row.name]));
  return {
    relation: (oid) => relations.get(oid),
    column: (relation, position) => columns.get(`${relation}.${position}`) ?? `column ${position}`,
  };
};

const placed = (row: RelationRow) => ({
  name: row.name,
  namespace: row.namespace,
  ...optional('comment', row.comment),
});

const identitySequences = (rows: readonly SequenceRow[]): ReadonlyMap<string, SequenceRow> =>
  new Map(rows.filter((row) => row.ownership === 'i').map((row) => [`${row.relation}.${row.position}`, row]));

/** All plain tables with their columns, constraints and indexes. O(rows). */
export const tables = (parts: RelationParts, names: Names): readonly Table[] => {
  const identities = identitySequences(parts.sequences);
  const columns = byRelation(parts.columns);
  const keys = byRelation(parts.constraints);
  const indexes = byRelation(parts.indexes);
  return parts.relations
    .filter((row) => row.kind === 'r')
    .map((row) => ({
      ...placed(row),
      ...attributesOf({ unlogged: row.persistence === 'u' ? true : undefined, options: optionsOf(row.options) }),
      columns: (columns.get(row.relation) ?? []).map((each) =>
        column(each, identities.get(`${each.relation}.${each.position}`)),
      ),
      ...constraints(keys.get(row.relation) ?? [], names),
      indexes: (indexes.get(row.relation) ?? []).map((each) => index(each, names)),
    }));
};

/** Views and materialized views with the text the server tells; `normalize` makes the comparable form. */
export const views = (parts: RelationParts, names: Names): readonly View[] => {
  const columns = byRelation(parts.columns);
  const indexes = byRelation(parts.indexes);
  return parts.relations
    .filter((row) => row.kind !== 'r')
    .map((row) => ({
      ...placed(row),
      ...attributesOf({ options: optionsOf(row.options) }),
      body: { text: (row.body ?? '').trim().replace(/;$/, ''), normal: '', uses: [] },
      columns: (columns.get(row.relation) ?? []).map((each) => each.name),
      ...(row.kind === 'm' ? { materialized: true as const, ...indexesOf(indexes.get(row.relation), names) } : {}),
    }));
};

const indexesOf = (rows: readonly IndexRow[] | undefined, names: Names): Pick<View, 'indexes'> =>
  rows === undefined ? {} : { indexes: rows.map((row) => index(row, names)) };
