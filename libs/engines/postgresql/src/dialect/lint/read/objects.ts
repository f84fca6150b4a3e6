import type {
  AlterDomainStmt,
  AlterEnumStmt,
  GrantStmt,
  Node,
  ReindexStmt,
  RenameStmt,
  VacuumStmt,
} from '@pgsql/types';
import type { Full } from '../../parse/names.js';
import { elementsOf } from '../../parse/options.js';
import { nameParts } from '../../type-names.js';
import type { Act } from '../acts.js';
import { full, nodeName, type Reader, relation } from './reader.js';

/** `OBJECT_MATVIEW` as a person says it. */
export const objectWord = (type: string | undefined): string =>
  (type ?? 'OBJECT')
    .replace(/^OBJECT_/, '')
    .replace('MATVIEW', 'materialized view')
    .replace('TABCONSTRAINT', 'constraint')
    .replace('DOMCONSTRAINT', 'domain constraint')
    .toLowerCase()
    .replaceAll('_', ' ');

/** Kinds of objects that lie in no schema. */
const unplaced =
  /^OBJECT_(SCHEMA|EXTENSION|DATABASE|ROLE|EVENT_TRIGGER|PUBLICATION|SUBSCRIPTION|FOREIGN_SERVER|FDW|LANGUAGE|TABLESPACE)$/;

/** The name of an object of some kind. */
export const objectName = (reader: Reader, type: string | undefined, node: Node | undefined): Full => {
  const name = nodeName(reader, node);
  return unplaced.test(type ?? '') ? { namespace: '', name: name.name } : name;
};

/** ALTER TYPE ... ADD VALUE and RENAME VALUE. */
export const alterEnum = (reader: Reader, statement: AlterEnumStmt): readonly Act[] => {
  const type = full(reader, nameParts(statement.typeName));
  const { oldVal, newVal = '', newValNeighbor } = statement;
  if (oldVal !== undefined) return [{ kind: 'enum-rename', type, from: oldVal, to: newVal }];
  return [{ kind: 'enum-add', type, value: newVal, positioned: newValNeighbor !== undefined }];
};

/** ALTER DOMAIN. */
export const alterDomain = (reader: Reader, statement: AlterDomainStmt): readonly Act[] => {
  const domain = full(reader, nameParts(statement.typeName));
  const constraint = statement.def && 'Constraint' in statement.def ? statement.def.Constraint : undefined;
  const words: { readonly [letter: string]: 'add' | 'validate' } = { C: 'add', O: 'add', V: 'validate' };
  const what = words[statement.subtype ?? ''] ?? 'other';
  return [{ kind: 'alter-domain', domain, what, notValid: constraint?.skip_validation ?? false }];
};

/** ALTER ... RENAME. */
export const rename = (reader: Reader, statement: RenameStmt): readonly Act[] => {
  const { renameType, subname, newname = '' } = statement;
  const what = objectWord(renameType);
  const single = what === 'schema' || what === 'role' || what === 'database';
  const name = statement.relation ? relation(reader, statement.relation) : nodeName(reader, statement.object);
  const own = single ? { namespace: '', name: subname ?? '' } : name;
  return [
    { kind: 'rename', what, name: own, ...(subname === undefined || single ? {} : { part: subname }), to: newname },
  ];
};

/** VACUUM and ANALYZE. */
export const vacuum = (reader: Reader, statement: VacuumStmt): readonly Act[] => {
  const isFull = elementsOf(statement.options).some(({ defname }) => defname === 'full');
  const what = !statement.is_vacuumcmd ? 'analyze' : isFull ? 'vacuum full' : 'vacuum';
  const tables = (statement.rels ?? []).flatMap((node) =>
    'VacuumRelation' in node ? [relation(reader, node.VacuumRelation.relation)] : [],
  );
  if (tables.length === 0) return [{ kind: 'maintain', what, target: 'every table', concurrently: false }];
  return tables.map((table): Act => ({ kind: 'maintain', what, target: table.name, table, concurrently: false }));
};

/** REINDEX. */
export const reindex = (reader: Reader, statement: ReindexStmt): readonly Act[] => {
  const concurrently = elementsOf(statement.params).some(({ defname }) => defname === 'concurrently');
  const name = relation(reader, statement.relation);
  const target = statement.relation ? name.name : (statement.name ?? 'the database');
  const held =
    statement.kind === 'REINDEX_OBJECT_TABLE'
      ? { table: name }
      : statement.kind === 'REINDEX_OBJECT_INDEX'
        ? { index: name }
        : {};
  return [{ kind: 'maintain', what: 'reindex', target, ...held, concurrently }];
};

const grantees = (nodes: readonly Node[] | undefined): string =>
  (nodes ?? []).map((node) => ('RoleSpec' in node ? (node.RoleSpec.rolename ?? 'PUBLIC') : '')).join(', ');

/** Schemas and databases have one name only. */
const single = (statement: GrantStmt): boolean =>
  !['OBJECT_TABLE', 'OBJECT_SEQUENCE', 'OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_TYPE'].includes(
    statement.objtype ?? '',
  ) || statement.targtype !== 'ACL_TARGET_OBJECT';

/** GRANT and REVOKE. */
export const grant = (reader: Reader, statement: GrantStmt): readonly Act[] => {
  const names = (statement.objects ?? []).map((node) => nodeName(reader, node));
  const bare = single(statement);
  const on = names.map(({ namespace, name }) => (bare ? name : `${namespace}.${name}`)).join(', ');
  if (statement.is_grant) return [{ kind: 'harmless', what: 'grant', name: on, to: grantees(statement.grantees) }];
  return [
    {
      kind: 'revoke',
      on,
      from: grantees(statement.grantees),
      names: bare ? names.map(({ name }) => ({ namespace: '', name })) : names,
    },
  ];
};

/** Names of roles. */
export const roles = grantees;
