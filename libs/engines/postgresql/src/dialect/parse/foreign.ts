import type {
  AlterFdwStmt,
  AlterTableCmd,
  AlterForeignServerStmt,
  AlterUserMappingStmt,
  CreateFdwStmt,
  CreateForeignServerStmt,
  CreateForeignTableStmt,
  CreateUserMappingStmt,
  DropUserMappingStmt,
  ImportForeignSchemaStmt,
  Node,
  RoleSpec,
} from '@pgsql/types';
import { type Attributes, type EngineObject, engineObjectPath, pathOf } from '@dsem/schema';
import {
  foreignKinds,
  type ForeignOptions,
  foreignOptionsOf,
  type MappingDefinition,
  type ServerDefinition,
  serverOf,
  type WrapperDefinition,
} from '../foreign.js';
import { definition, definitionOf } from '../objects.js';
import { nameParts } from '../type-names.js';
import { contradict, type Draft, keyOf, missing, putTable, refuse, type Site, tableOf, twice } from './draft.js';
import { dropGrantsOn, moveGrantsOn } from './grants-follow.js';
import { withoutAttribute } from './marks.js';
import { type Full, nameOf, relationOf } from './names.js';
import { addObject, findObject, putObject } from './objects.js';
import { elementsOf } from './options.js';
import { withForeignOptions } from './foreign-options.js';
import { createTable } from './tables.js';

const routine = (node: Node | undefined): string | undefined => {
  const parts = node && 'List' in node ? nameParts(node.List.items) : [];
  if (parts.length === 0) return undefined;
  const { namespace, name } = nameOf(parts);
  return `${namespace}.${name}`;
};

/** HANDLER and VALIDATOR; one that is not named stays. */
const routinesOf = (nodes: readonly Node[] | undefined, earlier: WrapperDefinition): WrapperDefinition =>
  elementsOf(nodes).reduce<WrapperDefinition>((all, { defname, arg }) => {
    const { [defname as 'handler' | 'validator']: _, ...rest } = all;
    const name = routine(arg);
    return name === undefined ? rest : { ...rest, [defname ?? '']: name };
  }, earlier);

const wrapperWith = (
  draft: Draft,
  earlier: EngineObject,
  { func_options, options }: Pick<CreateFdwStmt, 'func_options' | 'options'>,
  site: Site,
): EngineObject => {
  const { options: held, ...routines } = definitionOf<WrapperDefinition>(earlier);
  const made = withForeignOptions(draft, held, options, engineObjectPath(earlier), site);
  return { ...earlier, definition: definition({ ...routinesOf(func_options, routines), options: made }) };
};

/** CREATE FOREIGN DATA WRAPPER. */
export const createWrapper = (draft: Draft, statement: CreateFdwStmt, site: Site): void => {
  const empty: EngineObject = { kind: foreignKinds.wrapper, name: statement.fdwname ?? '', definition: {} };
  addObject(draft, wrapperWith(draft, empty, statement, site), false, site);
};

/** ALTER FOREIGN DATA WRAPPER. */
export const alterWrapper = (draft: Draft, statement: AlterFdwStmt, site: Site): void =>
  putObject(
    draft,
    wrapperWith(
      draft,
      findObject(draft, foreignKinds.wrapper, { name: statement.fdwname ?? '' }, site),
      statement,
      site,
    ),
  );

/** CREATE SERVER. */
export const createServer = (draft: Draft, statement: CreateForeignServerStmt, site: Site): void => {
  const { servername: name = '', fdwname: wrapper, servertype: type, version, options } = statement;
  const object = { kind: foreignKinds.server, name };
  const made = withForeignOptions(draft, undefined, options, engineObjectPath(object), site);
  const held = definition({ wrapper, type, version, options: made });
  addObject(draft, { ...object, definition: held }, statement.if_not_exists, site);
};

/** ALTER SERVER. */
export const alterServer = (draft: Draft, statement: AlterForeignServerStmt, site: Site): void => {
  const server = findObject(draft, foreignKinds.server, { name: statement.servername ?? '' }, site);
  const { options, version, ...rest } = definitionOf<ServerDefinition>(server);
  putObject(draft, {
    ...server,
    definition: definition({
      ...rest,
      version: statement.has_version ? statement.version : version,
      options: withForeignOptions(draft, options, statement.options, engineObjectPath(server), site),
    }),
  });
};

const userOf = (role: RoleSpec | undefined, server: string, site: Site): string => {
  switch (role?.roletype) {
    case 'ROLESPEC_CSTRING':
      return role.rolename ?? '';
    case 'ROLESPEC_PUBLIC':
      return 'public';
    default:
      return refuse('A user mapping for whoever runs the statement is not supported; name the user', server, site);
  }
};

/** CREATE USER MAPPING. */
export const createMapping = (draft: Draft, statement: CreateUserMappingStmt, site: Site): void => {
  const { servername: server = '' } = statement;
  const user = userOf(statement.user, server, site);
  findObject(draft, foreignKinds.server, { name: server }, site);
  const object = { kind: foreignKinds.mapping, name: `${user} on ${server}` };
  const options = withForeignOptions(draft, undefined, statement.options, engineObjectPath(object), site);
  addObject(draft, { ...object, definition: definition({ user, server, options }) }, statement.if_not_exists, site);
};

/** ALTER USER MAPPING. */
export const alterMapping = (draft: Draft, statement: AlterUserMappingStmt, site: Site): void => {
  const { servername: server = '' } = statement;
  const name = `${userOf(statement.user, server, site)} on ${server}`;
  const mapping = findObject(draft, foreignKinds.mapping, { name }, site);
  const { options, ...rest } = definitionOf<MappingDefinition>(mapping);
  const made = withForeignOptions(draft, options, statement.options, engineObjectPath(mapping), site);
  putObject(draft, { ...mapping, definition: definition({ ...rest, options: made }) });
};

/** DROP USER MAPPING. */
export const dropMapping = (draft: Draft, statement: DropUserMappingStmt, site: Site): void => {
  const { servername: server = '' } = statement;
  const name = `${userOf(statement.user, server, site)} on ${server}`;
  const gone = draft.others.delete(engineObjectPath({ kind: foreignKinds.mapping, name }));
  if (!gone && !statement.missing_ok) missing('user mapping', { name }, site);
};

/** IMPORT FOREIGN SCHEMA makes what only the other server knows. */
export const importSchema = (_draft: Draft, statement: ImportForeignSchemaStmt, site: Site): void =>
  refuse(
    'IMPORT FOREIGN SCHEMA makes tables that only the other server knows; write them as CREATE FOREIGN TABLE, as `dsem inspect` prints them from a database where it ran',
    statement.server_name ?? '',
    site,
  );

/** CREATE FOREIGN TABLE. */
export const createForeignTable = (draft: Draft, statement: CreateForeignTableStmt, site: Site): void => {
  const { base, servername: server = '', options } = statement;
  if (!base) return;
  const name = relationOf(base.relation);
  if (base.if_not_exists && draft.tables.has(keyOf(name))) return;
  findObject(draft, foreignKinds.server, { name: server }, site);
  const foreignOptions = withForeignOptions(draft, undefined, options, `foreign table ${pathOf(name)}`, site);
  createTable(draft, base, site, { server, ...(foreignOptions ? { foreignOptions } : {}) });
};

const withOptions = <Value extends { readonly attributes?: Attributes }>(
  value: Value,
  foreignOptions: ForeignOptions | undefined,
): Value => {
  const plain = withoutAttribute(value, 'foreignOptions');
  return foreignOptions === undefined ? plain : { ...plain, attributes: { ...plain.attributes, foreignOptions } };
};

/** ALTER FOREIGN TABLE ... OPTIONS, of the table or of one of its columns. */
export const alterForeignOptions = (
  draft: Draft,
  name: Full,
  { name: column, def }: AlterTableCmd,
  site: Site,
): void => {
  const table = tableOf(draft, name, site);
  const nodes = def && 'List' in def ? def.List.items : [];
  const moved = <Value extends { readonly attributes?: Attributes }>(value: Value, path: string): Value =>
    withOptions(value, withForeignOptions(draft, foreignOptionsOf(value), nodes, path, site));
  if (column === undefined) return putTable(draft, moved(table, `foreign table ${pathOf(name)}`));
  const path = pathOf(name, column);
  if (!table.columns.some((one) => one.name === column)) contradict(`The column ${path} is not defined.`, path, site);
  const columns = table.columns.map((one) => (one.name === column ? moved(one, `column ${path}`) : one));
  putTable(draft, { ...table, columns });
};

/** Takes a wrapper or server away; by CASCADE with what needs it. */
export const dropForeign = (
  draft: Draft,
  kind: string,
  { name }: Pick<Full, 'name'>,
  manner: { readonly ifExists: boolean; readonly cascade: boolean },
  site: Site,
): readonly Full[] => {
  const path = engineObjectPath({ kind, name });
  if (!draft.others.delete(path)) {
    if (!manner.ifExists) missing(kind.replaceAll('-', ' '), { name }, site);
    return [];
  }
  dropGrantsOn(draft, path);
  const field = kind === foreignKinds.wrapper ? 'wrapper' : 'server';
  const users = [...draft.others.values()].filter((one) => one.definition[field] === name);
  const tables =
    kind === foreignKinds.server ? [...draft.tables.values()].filter((table) => serverOf(table) === name) : [];
  const [first] = [...users.map(engineObjectPath), ...tables.map((table) => table.name)];
  if (first !== undefined && !manner.cascade)
    contradict(`${path} cannot be dropped: ${first} needs it. Drop that first, or write CASCADE.`, path, site);
  const below = users.flatMap((one) =>
    one.kind === foreignKinds.server ? dropForeign(draft, one.kind, one, manner, site) : [],
  );
  for (const one of users) draft.others.delete(engineObjectPath(one));
  return [...tables.map((table) => relationOf({ schemaname: table.namespace ?? '', relname: table.name })), ...below];
};

/** ALTER ... RENAME of a wrapper or server, with what names it. */
export const renameForeign = (draft: Draft, kind: string, from: string, to: string, site: Site): void => {
  const object = findObject(draft, kind, { name: from }, site);
  if (draft.others.has(engineObjectPath({ kind, name: to }))) twice(`The ${kind} ${to}`, to, site);
  draft.others.delete(engineObjectPath(object));
  moveGrantsOn(draft, engineObjectPath(object), engineObjectPath({ kind, name: to }));
  putObject(draft, { ...object, name: to });
  const field = kind === foreignKinds.wrapper ? 'wrapper' : 'server';
  for (const one of [...draft.others.values()]) {
    if (one.definition[field] !== from) continue;
    draft.others.delete(engineObjectPath(one));
    const name = one.kind === foreignKinds.mapping ? `${definitionOf<MappingDefinition>(one).user} on ${to}` : one.name;
    putObject(draft, { ...one, name, definition: { ...one.definition, [field]: to } });
  }
  for (const table of [...draft.tables.values()]) {
    if (field === 'server' && serverOf(table) === from)
      putTable(draft, { ...table, attributes: { ...table.attributes, server: to } });
  }
};
