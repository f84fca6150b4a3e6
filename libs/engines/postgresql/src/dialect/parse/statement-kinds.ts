import type { Node, VariableSetStmt } from '@pgsql/types';
import { type ObjectName, pathOf } from '@dsem/schema';
import { partsOfNode, relationOf } from './names.js';
import { settingOf } from './settings.js';

/** Statements that say nothing about the desired state, and what a note calls them. */
const skipped: { readonly [kind: string]: string } = {
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  SelectStmt: 'SELECT',
  CopyStmt: 'COPY',
  TruncateStmt: 'TRUNCATE',
  VariableSetStmt: 'SET',
  VariableShowStmt: 'SHOW',
  TransactionStmt: 'transaction control',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  VacuumStmt: 'VACUUM or ANALYZE',
  LockStmt: 'LOCK',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
  ReindexStmt: 'REINDEX',
  CheckPointStmt: 'CHECKPOINT',
  DiscardStmt: 'DISCARD',
  ExplainStmt: 'EXPLAIN',
  PrepareStmt: 'PREPARE',
  DeallocateStmt: 'DEALLOCATE',
  ListenStmt: 'LISTEN',
  NotifyStmt: 'NOTIFY',
  UnlistenStmt: 'UNLISTEN',
  LoadStmt: 'LOAD',
  CreateRoleStmt: 'CREATE ROLE: roles belong to the whole server',
  AlterRoleStmt: 'ALTER ROLE: roles belong to the whole server',
  AlterRoleSetStmt: 'ALTER ROLE: roles belong to the whole server',
  DropRoleStmt: 'DROP ROLE: roles belong to the whole server',
  GrantRoleStmt: 'GRANT of a role: roles belong to the whole server',
  CreatedbStmt: 'CREATE DATABASE',
  AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE',
  CreateTableSpaceStmt: 'CREATE TABLESPACE: tablespaces belong to the whole server',
  AlterSystemStmt: 'ALTER SYSTEM',
  DropTableSpaceStmt: 'DROP TABLESPACE: tablespaces belong to the whole server',
  AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE: tablespaces belong to the whole server',
  SecLabelStmt: 'SECURITY LABEL: labels are not part of a definition',
};

/** Where tables and indexes stand that say nothing of it, with the value that says nothing either. */
const places: { readonly [setting: string]: string | undefined } = {
  default_tablespace: '',
  default_table_access_method: 'heap',
};

const placeWord = (statement: VariableSetStmt): string | undefined => {
  const [name, value] = settingOf(statement);
  if (value === undefined || places[name] === undefined || value === places[name]) return undefined;
  return `SET ${name} = ${value}: where tables and indexes stand is not part of a definition`;
};

/** What a note calls a statement that says nothing about the state; undefined where it says something. */
export const skippedWord = (node: Node): string | undefined =>
  ('VariableSetStmt' in node ? placeWord(node.VariableSetStmt) : undefined) ?? skipped[Object.keys(node)[0] ?? ''];

/** The name of the object a statement is about, as well as it can be told for any kind. */
export const objectOf = (statement: { readonly [field: string]: unknown }): string => {
  const [first] = Array.isArray(statement.objects) ? (statement.objects as Node[]) : [];
  const listed = first && 'RangeVar' in first ? first.RangeVar : undefined;
  const relation = (statement.relation ?? statement.typevar ?? listed) as Parameters<typeof relationOf>[0];
  if (relation) return pathOf(relationOf(relation));
  const list = statement.funcname ?? statement.defnames ?? statement.domainname ?? statement.typeName ?? statement.name;
  if (typeof list === 'string') return list;
  const named = [
    statement.amname,
    statement.plname,
    statement.policy_name,
    statement.trigname,
    statement.subname,
    statement.pubname,
    statement.servername,
  ];
  const name = named.find((one): one is string => typeof one === 'string');
  if (name !== undefined) return name;
  const parts = Array.isArray(list) ? (list as Node[]).flatMap(partsOfNode) : partsOfNode(statement.object as Node);
  return parts.length > 0 ? parts.join('.') : 'this statement';
};

const words: { readonly [kind: string]: string } = {
  CreateAmStmt: 'CREATE ACCESS METHOD',
  CreateTrigStmt: 'CREATE TRIGGER',
  CompositeTypeStmt: 'CREATE TYPE of columns',
  CreateRangeStmt: 'CREATE TYPE of a range',
  CreatePLangStmt: 'CREATE LANGUAGE',
};

/** What to do instead of a statement that is refused, where something can be said. */
const waysOut: { readonly [kind: string]: string | undefined } = {
  CreateSubscriptionStmt: ', as what it connects by may be secret; make it by hand and leave it out of the files',
  AlterSubscriptionStmt: '; subscriptions are changed by hand, leave it out of the files',
  DropSubscriptionStmt: '; subscriptions are dropped by hand, leave it out of the files',
  CreatePLangStmt: '; install the extension that brings the language',
  CreateAmStmt: '; install the extension that brings the access method',
};

/** That statements of a kind are refused, and what to do instead. */
export const refusalOf = (kind: string): string => `${kindWords(kind)} is not supported${waysOut[kind] ?? ''}`;

/** Kinds of objects that belong to the whole server, and what a note says of them. */
const ofServer: { readonly [objectType: string]: string | undefined } = {
  OBJECT_DATABASE: 'databases are not part of a definition',
  OBJECT_ROLE: 'roles belong to the whole server',
  OBJECT_TABLESPACE: 'tablespaces belong to the whole server',
  OBJECT_LARGEOBJECT: 'large objects are data',
  OBJECT_LANGUAGE: 'languages are those of extensions',
};

/** A kind of object as statements call it. */
export const objectWords = (type: string): string => type.replace('OBJECT_', '').replaceAll('_', ' ');

/** What a note says of a statement about an object that is no part of a definition; undefined for every other one. */
export const skippedObject = (what: string, type: string, name: string): string | undefined => {
  const why = ofServer[type];
  return why === undefined ? undefined : `skipped ${what} ${objectWords(type).toLowerCase()} ${name}: ${why}`;
};

const unplaced = new Set(['OBJECT_LANGUAGE', 'OBJECT_ACCESS_METHOD', 'OBJECT_SUBSCRIPTION']);

/** The name of an object that a statement cannot be about, without a schema where its kind has none. */
export const refusedName = (type: string, name: ObjectName): string =>
  pathOf(unplaced.has(type) ? { name: name.name } : name);

/** The words of a statement's kind. */
export const kindWords = (kind: string): string =>
  words[kind] ??
  kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
