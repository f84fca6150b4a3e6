import type { EngineObject } from '@dsem/schema';
import { definition, objectKinds } from '../../dialect/objects.js';
import { operations, type PublishedTable } from '../../dialect/publications.js';
import { notOfExtension } from './catalogue.js';
import { optional } from './rows.js';

/**
 * Columns that older servers lack are read from `lacking`, which stands outside: an unqualified name means the nearest
 * column of that name. Schemas are read from the dependencies, as the catalogue that holds them is of version 15.
 */
export const publicationQuery = `
SELECT p.pubname::text AS name, p.puballtables AS all_tables,
  ARRAY[p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate] AS publishes, p.pubviaroot AS via_root,
  to_jsonb(p)->>'pubgencols' AS generated, obj_description(p.oid, 'pg_publication') AS comment,
  (SELECT jsonb_agg(jsonb_build_object('namespace', n.nspname, 'name', c.relname,
      'columns', (SELECT jsonb_agg(a.attname) FROM pg_publication_rel x
        JOIN pg_attribute a ON a.attrelid = x.prrelid AND a.attnum = ANY (prattrs) WHERE x.oid = r.oid),
      'where', (SELECT pg_get_expr(prqual, x.prrelid) FROM pg_publication_rel x WHERE x.oid = r.oid)))
    FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.prpubid = p.oid) AS tables,
  ARRAY(SELECT n.nspname::text FROM pg_depend s JOIN pg_depend d ON d.classid = s.classid AND d.objid = s.objid
    JOIN pg_namespace n ON n.oid = s.refobjid
    WHERE s.classid = to_regclass('pg_catalog.pg_publication_namespace') AND s.refclassid = 'pg_namespace'::regclass
      AND d.refclassid = 'pg_publication'::regclass AND d.refobjid = p.oid) AS schemas
FROM pg_publication p
CROSS JOIN (SELECT NULL::int2vector AS prattrs, NULL::pg_node_tree AS prqual) AS lacking
WHERE ${notOfExtension('pg_publication', 'p.oid')}`;

export interface PublicationRow {
  readonly name: string;
  readonly all_tables: boolean;
  /** In the order of `operations`. */
  readonly publishes: readonly boolean[];
  readonly via_root: boolean;
  readonly generated: string | null;
  readonly comment: string | null;
  readonly tables:
    | readonly {
        readonly namespace: string;
        readonly name: string;
        readonly columns: readonly string[] | null;
        readonly where: string | null;
      }[]
    | null;
  readonly schemas: readonly string[];
}

const tablesOf = (row: PublicationRow): readonly PublishedTable[] =>
  (row.tables ?? []).map(({ columns, where, ...name }) => ({
    ...name,
    ...optional('columns', columns),
    ...optional('where', where),
  }));

/** Turns rows of `publicationQuery` into nouns. */
export const publications = (rows: readonly PublicationRow[]): readonly EngineObject[] =>
  rows.map((row) => ({
    kind: objectKinds.publication.kind,
    name: row.name,
    ...optional('comment', row.comment),
    definition: definition({
      allTables: row.all_tables ? true : undefined,
      tables: tablesOf(row).map((table) => ({ ...table })),
      schemas: row.schemas,
      publish: operations.filter((_, at) => row.publishes[at]),
      viaRoot: row.via_root ? true : undefined,
      generatedColumns: row.generated === 's' ? 'stored' : undefined,
    }),
  }));
