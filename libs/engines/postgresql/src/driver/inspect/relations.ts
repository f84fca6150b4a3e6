import type { Json, Table, View } from '@dsem/schema';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { column, type ColumnRow } from './columns.js';
import { constraints, type ConstraintRow, type Names } from './constraints.js';
import { openOptionArray } from './foreign.js';
import { index, type IndexRow } from './indexes.js';
import { attributesOf, byRelation, optional, reloptionsOf } from './rows.js';
import type { SequenceRow } from './sequences.js';

export const relationQuery = `
SELECT c.oid AS relation, n.nspname::text AS namespace, c.relname::text AS name, c.relkind AS kind,
  c.relpersistence AS persistence, CASE WHEN toast.options IS NULL THEN c.reloptions
    ELSE coalesce(c.reloptions, '{}') || toast.options END AS options, c.relrowsecurity AS row_security,
  CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type, c.relforcerowsecurity AS force_row_security, c.relreplident AS replica_identity, marks.identity_index, marks.cluster_index,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioning,
  CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
  (SELECT s.srvname::text FROM pg_foreign_server s WHERE s.oid = f.ftserver) AS server,
  ${openOptionArray('f.ftoptions')} AS foreign_options,
  ARRAY(SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = c.oid ORDER BY h.inhseqno) AS parents,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS body, obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
LEFT JOIN (SELECT tc.oid, ARRAY(SELECT 'toast.' || o FROM unnest(tc.reloptions) AS o) AS options FROM pg_class tc
  WHERE tc.relkind = 't' AND tc.reloptions IS NOT NULL) AS toast ON toast.oid = c.reltoastrelid
LEFT JOIN (SELECT i.indrelid, min(ic.relname) FILTER (WHERE i.indisreplident)::text AS identity_index,
  min(ic.relname) FILTER (WHERE i.indisclustered)::text AS cluster_index FROM pg_index i
  JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indisreplident OR i.indisclustered GROUP BY i.indrelid) AS marks
  ON marks.indrelid = c.oid
WHERE ${modelledRelation()} AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

export interface RelationRow {
  readonly relation: number;
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'r' | 'p' | 'f' | 'v' | 'm';
  /** Of a foreign table, with options that hold no secret. */
  readonly server: string | null;
  readonly foreign_options: readonly string[];
  readonly persistence: 'p' | 'u';
  readonly options: readonly string[] | null;
  readonly row_security: boolean;
  readonly force_row_security: boolean;
  readonly of_type: string | null;
  readonly replica_identity: 'd' | 'f' | 'n' | 'i';
  readonly identity_index: string | null;
  readonly cluster_index: string | null;
  /** `RANGE (a, lower(b))`, of a partitioned table. */
  readonly partitioning: string | null;
  /** `FOR VALUES ...`, of a partition. */
  readonly bound: string | null;
  /** In the order of inheritance; the partitioned table of a partition. */
  readonly parents: readonly number[];
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

const familyOf = ({ partitioning, bound, parents }: RelationRow, names: Names): Partial<Table> => {
  const known = parents.map((parent) => names.relation(parent) ?? { name: `relation ${parent}` });
  return {
    ...(partitioning === null
      ? {}
      : { partitioning: { strategy: '', keys: [], attributes: { definition: partitioning } } }),
    ...(bound === null || known[0] === undefined ? {} : { partitionOf: { ...known[0], bound } }),
    ...(bound !== null || known.length === 0 ? {} : { inherits: known }),
  };
};

const isTable = ({ kind }: RelationRow): boolean => kind === 'r' || kind === 'p' || kind === 'f';

/** An index that is gone leaves no identity behind. */
const identityOf = (row: RelationRow): Json | undefined => {
  if (row.replica_identity === 'd' || row.kind === 'f') return undefined;
  if (row.replica_identity === 'f') return 'full';
  return row.replica_identity === 'i' && row.identity_index !== null ? { index: row.identity_index } : 'nothing';
};

/** All tables with their columns, constraints and indexes. O(rows). */
export const tables = (parts: RelationParts, names: Names): readonly Table[] => {
  const identities = identitySequences(parts.sequences);
  const columns = byRelation(parts.columns);
  const keys = byRelation(parts.constraints);
  const indexes = byRelation(parts.indexes);
  return parts.relations.filter(isTable).map((row) => ({
    ...placed(row),
    ...familyOf(row, names),
    ...attributesOf({
      unlogged: row.persistence === 'u' ? true : undefined,
      ofType: row.of_type ?? undefined,
      server: row.server ?? undefined,
      foreignOptions: reloptionsOf(row.foreign_options),
      options: reloptionsOf(row.options),
      rowSecurity: row.row_security || undefined,
      forceRowSecurity: row.force_row_security || undefined,
      replicaIdentity: identityOf(row),
      clusterOn: row.cluster_index ?? undefined,
    }),
    columns: (columns.get(row.relation) ?? []).map((each) =>
      column(each, identities.get(`${each.relation}.${each.position}`)),
    ),
    ...constraints(keys.get(row.relation) ?? [], names),
    indexes: (indexes.get(row.relation) ?? []).map((each) => index(each, names)),
  }));
};

/** What stands on the columns of a view: comments, and defaults for who writes through it. */
const columnTexts = (rows: readonly ColumnRow[]) => {
  const texts = (of: (row: ColumnRow) => string | null) => {
    const pairs = rows.flatMap((row) => (of(row) === null ? [] : [[row.name, of(row)] as const]));
    return pairs.length === 0 ? undefined : (Object.fromEntries(pairs) as { readonly [name: string]: string });
  };
  return { columnComments: texts((row) => row.comment), columnDefaults: texts((row) => row.expression) };
};

/** Views and materialized views with the text the server tells; `normalize` makes the comparable form. */
export const views = (parts: RelationParts, names: Names): readonly View[] => {
  const columns = byRelation(parts.columns);
  const indexes = byRelation(parts.indexes);
  return parts.relations
    .filter((row) => !isTable(row))
    .map((row) => ({
      ...placed(row),
      ...attributesOf({ options: reloptionsOf(row.options), ...columnTexts(columns.get(row.relation) ?? []) }),
      body: { text: (row.body ?? '').trim().replace(/;$/, ''), normal: '', uses: [] },
      columns: (columns.get(row.relation) ?? []).map((each) => each.name),
      ...(row.kind === 'm' ? { materialized: true as const, ...indexesOf(indexes.get(row.relation), names) } : {}),
    }));
};

const indexesOf = (rows: readonly IndexRow[] | undefined, names: Names): Pick<View, 'indexes'> =>
  rows === undefined ? {} : { indexes: rows.map((row) => index(row, names)) };
