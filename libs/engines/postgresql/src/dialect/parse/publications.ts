import type {
  AlterPublicationStmt,
  CreatePublicationStmt,
  DefElem,
  Node,
  PublicationObjSpec,
  PublicationTable,
} from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import { definitionOf, objectKinds } from '../objects.js';
import { operations, type PublicationDefinition, type PublishedTable } from '../publications.js';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { contradict, type Draft, missing, refuse, type Site, tableOf } from './draft.js';
import { tablesBelow } from './family.js';
import { relationOf, sameName } from './names.js';
import { publication } from './published.js';
import { addObject, findObject, putObject } from './objects.js';
import { elementsOf, isOn, optionText } from './options.js';
import { ofOwnColumns } from './own-columns.js';

const { kind } = objectKinds.publication;

/** What statements name: tables with what is published of them, and schemas. */
interface Members {
  readonly tables: readonly PublishedTable[];
  readonly schemas: readonly string[];
}

const published = (draft: Draft, spec: PublicationTable | undefined, site: Site): readonly PublishedTable[] => {
  const name = relationOf(spec?.relation);
  const table = tableOf(draft, name, site);
  const columns = nameParts(spec?.columns);
  const absent = columns.find((column) => !table.columns.some((one) => one.name === column));
  if (absent !== undefined)
    contradict(`The column ${pathOf(name, absent)} is not defined.`, pathOf(name, absent), site);
  const parts = {
    ...(spec?.columns ? { columns } : {}),
    ...(spec?.whereClause ? { where: ofOwnColumns(spec.whereClause) } : {}),
  };
  const below = spec?.relation?.inh && !table.partitioning ? tablesBelow(draft, name) : [];
  return [name, ...below].map((one) => ({ ...one, ...parts }));
};

const schemaNamed = (draft: Draft, name: string, site: Site): string =>
  name === defaultNamespace || draft.namespaces.has(name) ? name : missing('schema', { name }, site);

const member = (draft: Draft, spec: PublicationObjSpec, site: Site): Members => {
  switch (spec.pubobjtype) {
    case 'PUBLICATIONOBJ_TABLE':
      return { tables: published(draft, spec.pubtable, site), schemas: [] };
    case 'PUBLICATIONOBJ_TABLES_IN_SCHEMA':
      return { tables: [], schemas: [schemaNamed(draft, spec.name ?? '', site)] };
    default:
      return refuse('TABLES IN SCHEMA CURRENT_SCHEMA is not supported; name the schema', 'publication', site);
  }
};

const membersOf = (draft: Draft, nodes: readonly Node[] | undefined, site: Site): Members => {
  const all = (nodes ?? []).flatMap((node) =>
    'PublicationObjSpec' in node ? [member(draft, node.PublicationObjSpec, site)] : [],
  );
  const tables = new Map(all.flatMap((one) => one.tables).map((table) => [pathOf(table), table]));
  return { tables: [...tables.values()], schemas: [...new Set(all.flatMap((one) => one.schemas))] };
};

const operationsIn = (text: string, name: string, site: Site): readonly string[] => {
  const words = text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim().toLowerCase()]));
  const unknown = words.find((word) => !operations.some((one) => one === word));
  return unknown === undefined ? words : refuse(`A publication cannot publish ${unknown}`, name, site);
};

type Parts = { readonly [Key in keyof PublicationDefinition]: PublicationDefinition[Key] | undefined };

const option = ({ defname = '', arg }: DefElem, name: string, site: Site): Parts => {
  switch (defname) {
    case 'publish':
      return { publish: operationsIn(optionText(arg), name, site) };
    case 'publish_via_partition_root':
      return { viaRoot: isOn(arg) ? true : undefined };
    case 'publish_generated_columns':
      return { generatedColumns: !arg || optionText(arg).toLowerCase() === 'stored' ? 'stored' : undefined };
    default:
      return refuse(`The publication option ${defname} is not supported`, name, site);
  }
};

/** What options say; one that is not named stays. */
const optionsIn = (nodes: readonly Node[] | undefined, name: string, site: Site): Parts =>
  Object.assign({}, ...elementsOf(nodes).map((element) => option(element, name, site))) as Parts;

/** CREATE PUBLICATION. */
export const createPublication = (draft: Draft, statement: CreatePublicationStmt, site: Site): void => {
  const { pubname: name = '', pubobjects, options, for_all_tables } = statement;
  const allTables = for_all_tables ? (true as const) : undefined;
  const held = { ...membersOf(draft, pubobjects, site), allTables, ...optionsIn(options, name, site) };
  addObject(draft, publication({ kind, name, definition: {} }, held), false, site);
};

const refuseSame = (members: Members, held: Members, publication: string, site: Site): void => {
  const twice =
    members.tables.find((one) => held.tables.some((other) => sameName(one, other))) ??
    members.schemas.filter((one) => held.schemas.includes(one)).map((name) => ({ name }))[0];
  if (twice) contradict(`The publication ${publication} holds ${pathOf(twice)} already.`, pathOf(twice), site);
};

const without = (held: Members, members: Members, publication: string, site: Site): Members => {
  const absent =
    members.tables.find((one) => !held.tables.some((other) => sameName(one, other))) ??
    members.schemas.filter((one) => !held.schemas.includes(one)).map((name) => ({ name }))[0];
  if (absent) contradict(`The publication ${publication} does not hold ${pathOf(absent)}.`, pathOf(absent), site);
  return {
    tables: held.tables.filter((one) => !members.tables.some((other) => sameName(one, other))),
    schemas: held.schemas.filter((one) => !members.schemas.includes(one)),
  };
};

/** ALTER PUBLICATION ... ADD, SET, DROP. */
export const alterPublication = (draft: Draft, statement: AlterPublicationStmt, site: Site): void => {
  const { pubname: name = '', pubobjects, options, action } = statement;
  const object = findObject(draft, kind, { name }, site);
  const given = definitionOf<PublicationDefinition>(object);
  if (!pubobjects) return putObject(draft, publication(object, { ...given, ...optionsIn(options, name, site) }));
  const held: Members = { tables: given.tables ?? [], schemas: given.schemas ?? [] };
  const members = membersOf(draft, pubobjects, site);
  if (given.allTables)
    contradict(`The publication ${name} holds all tables, so none can be added or dropped.`, name, site);
  if (action === 'AP_AddObjects') refuseSame(members, held, name, site);
  const added = { tables: [...held.tables, ...members.tables], schemas: [...held.schemas, ...members.schemas] };
  const left = action === 'AP_DropObjects' ? without(held, members, name, site) : added;
  putObject(draft, publication(object, { ...given, ...(action === 'AP_SetObjects' ? members : left) }));
};
