import { emptySchema, type Schema } from '@dsem/schema';
import type { Link } from './connect.js';
import { columnQuery, type ColumnRow } from './inspect/columns.js';
import { constraintQuery, type ConstraintRow } from './inspect/constraints.js';
import { indexQuery, type IndexRow } from './inspect/indexes.js';
import {
  extensionQuery,
  type ExtensionRow,
  extensions,
  namespaceQuery,
  type NamespaceRow,
  namespaces,
} from './inspect/namespaces.js';
import { namesOf, relationQuery, type RelationRow, tables, views } from './inspect/relations.js';
import { type ColumnPlace, sequenceQuery, type SequenceRow, sequences } from './inspect/sequences.js';
import { enumQuery, type EnumRow, enums } from './inspect/types.js';
import { unmanaged, unmanagedQuery, type UnmanagedRow } from './inspect/unmanaged.js';

interface Catalogue {
  readonly namespaces: readonly NamespaceRow[];
  readonly extensions: readonly ExtensionRow[];
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly sequences: readonly SequenceRow[];
  readonly enums: readonly EnumRow[];
  readonly unmanaged: readonly UnmanagedRow[];
}

/** What one look at a database tells. */
export interface Inspection {
  /** As the server spells it; `postgresqlDialect.normalize` brings it to the comparable form. */
  readonly schema: Schema;
  /** Objects that stand in the database and are not modelled, such as `function public.touch`. */
  readonly unmanaged: readonly string[];
}

const opening = `
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = '';
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '60s';
SET LOCAL jit = off`;

/** Nine queries, one after another on one session. */
const read = async ({ query }: Link): Promise<Catalogue> => ({
  namespaces: await query(namespaceQuery),
  extensions: await query(extensionQuery),
  relations: await query(relationQuery),
  columns: await query(columnQuery),
  constraints: await query(constraintQuery),
  indexes: await query(indexQuery),
  sequences: await query(sequenceQuery),
  enums: await query(enumQuery),
  unmanaged: await query(unmanagedQuery),
});

const assemble = (catalogue: Catalogue): Inspection => {
  const names = namesOf(catalogue);
  const place = (relation: number, position: number): ColumnPlace | undefined => {
    const table = names.relation(relation);
    return table === undefined
      ? undefined
      : { namespace: table.namespace ?? 'public', name: table.name, column: names.column(relation, position) };
  };
  return {
    schema: {
      ...emptySchema('postgresql'),
      namespaces: namespaces(catalogue.namespaces),
      extensions: extensions(catalogue.extensions),
      types: enums(catalogue.enums),
      sequences: sequences(catalogue.sequences, place),
      tables: tables(catalogue, names),
      views: views(catalogue, names),
    },
    unmanaged: unmanaged(catalogue.unmanaged),
  };
};

/** Reads all user objects in one repeatable-read, read-only transaction of nine queries. */
export const inspectCatalogue = async (link: Link): Promise<Inspection> => {
  await link.query(opening);
  try {
    return assemble(await read(link));
  } finally {
    await link.query('ROLLBACK').catch(() => undefined);
  }
};
