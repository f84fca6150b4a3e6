import { allColumns, type FindTable, pathOf } from '@dsem/schema';
import { definition, definitionOf } from '../objects.js';
import { operations, type PublicationDefinition, type PublishedTable } from '../publications.js';
import { placed } from '../types.js';
import { normalExpression } from './expression.js';
import type { Normalizer } from './object.js';
import { ownerOf } from './tables.js';

const normalPublished = ({ columns, where, ...name }: PublishedTable, find: FindTable): PublishedTable => {
  const table = find(placed(name));
  const owner = ownerOf(name.name, table ? allColumns(table, find) : []);
  return {
    ...placed(name),
    ...(columns ? { columns: columns.toSorted() } : {}),
    ...(where === undefined ? {} : { where: normalExpression(where, owner) }),
  };
};

const byPath = (one: PublishedTable, other: PublishedTable): number => (pathOf(one) < pathOf(other) ? -1 : 1);

const filled = <Value>(values: readonly Value[] | undefined): readonly Value[] | undefined =>
  values === undefined || values.length === 0 ? undefined : values;

/** A publication: tables, schemas and columns in name order, operations only where some are left out. */
export const publicationNormalizer: Normalizer = (object, find) => {
  const given = definitionOf<PublicationDefinition>(object);
  const tables = given.tables?.map((table) => normalPublished(table, find)).toSorted(byPath);
  const publish = operations.filter((one) => (given.publish ?? operations).includes(one));
  return {
    ...object,
    definition: definition({
      allTables: given.allTables,
      tables: filled(tables)?.map((table) => ({ ...table })),
      schemas: filled(given.schemas?.toSorted()),
      publish: publish.length === operations.length ? undefined : publish,
      viaRoot: given.viaRoot,
      generatedColumns: given.generatedColumns,
    }),
  };
};
