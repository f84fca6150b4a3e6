import { type EngineObject, engineObjectPath, pathOf } from '@dsem/schema';
import { expressionTree } from '../grammar.js';
import { columnsIn } from '../normalize/tree.js';
import { definition, definitionOf, objectKinds } from '../objects.js';
import type { PublicationDefinition, PublishedTable } from '../publications.js';
import { contradict, type Draft, type Site } from './draft.js';
import { type Full, sameName } from './names.js';
import { putObject } from './objects.js';
import { withColumnAs } from './own-columns.js';

const { kind } = objectKinds.publication;

/** A publication with what it holds. */
export const publication = (
  object: EngineObject,
  held: { readonly [Key in keyof PublicationDefinition]: PublicationDefinition[Key] | undefined },
): EngineObject => ({
  ...object,
  definition: definition({ ...held, tables: held.tables?.map((table) => ({ ...table })) }),
});

const publicationsOf = (draft: Draft): readonly EngineObject[] =>
  [...draft.others.values()].filter((object) => object.kind === kind);

const mapTables = (
  draft: Draft,
  name: Full,
  map: (table: PublishedTable, object: EngineObject) => readonly PublishedTable[],
): void => {
  for (const object of publicationsOf(draft)) {
    const given = definitionOf<PublicationDefinition>(object);
    if (!given.tables?.some((table) => sameName(table, name))) continue;
    const tables = given.tables.flatMap((table) => (sameName(table, name) ? map(table, object) : [table]));
    putObject(draft, publication(object, { ...given, tables }));
  }
};

/** A table that is dropped is published no more. */
export const unpublishTable = (draft: Draft, name: Full): void => mapTables(draft, name, () => []);

/** Publications follow a table's new name. */
export const publishTableAs = (draft: Draft, from: Full, to: Full): void =>
  mapTables(draft, from, (table) => [{ ...table, ...to }]);

/** Publications follow a column's new name. */
export const publishColumnAs = (draft: Draft, name: Full, from: string, to: string): void =>
  mapTables(draft, name, ({ columns, where, ...table }) => [
    {
      ...table,
      ...(columns ? { columns: columns.map((one) => (one === from ? to : one)) } : {}),
      ...(where === undefined ? {} : { where: withColumnAs(where, from, to) }),
    },
  ]);

const namesColumn = ({ columns, where }: PublishedTable, column: string): boolean =>
  columns?.includes(column) === true || (where !== undefined && columnsIn(expressionTree(where)).includes(column));

/** A table whose publication names a column that is dropped is published no more, or stands in its way. */
export const unpublishColumn = (draft: Draft, name: Full, column: string, cascade: boolean, site: Site): void =>
  mapTables(draft, name, (table, object) => {
    if (!namesColumn(table, column)) return [table];
    const path = pathOf(name, column);
    const reason = `${engineObjectPath(object)} publishes by it. Take the table out of it first, or write CASCADE.`;
    if (!cascade) contradict(`The column ${path} cannot be dropped: ${reason}`, path, site);
    return [];
  });

const mapSchemas = (draft: Draft, name: string, to: readonly string[]): void => {
  for (const object of publicationsOf(draft)) {
    const given = definitionOf<PublicationDefinition>(object);
    if (!given.schemas?.includes(name)) continue;
    const schemas = given.schemas.flatMap((one) => (one === name ? to : [one]));
    putObject(draft, publication(object, { ...given, schemas }));
  }
};

/** A schema that is dropped is published no more. */
export const unpublishSchema = (draft: Draft, name: string): void => mapSchemas(draft, name, []);

/** Publications follow a schema's new name. */
export const publishSchemaAs = (draft: Draft, from: string, to: string): void => mapSchemas(draft, from, [to]);
