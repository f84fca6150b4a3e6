import type { Node } from '@pgsql/types';
import { elementsOf } from '../../parse/options.js';
import { nameParts } from '../../type-names.js';
import type { Act } from '../acts.js';
import { alterTable } from './alter-table.js';
import { query, writesIn } from './data.js';
import { dropObjects } from './drops.js';
import { createIndex } from './indexes.js';
import { longNames, looseNames } from './names.js';
import { alterDomain, alterEnum, grant, objectName, objectWord, reindex, rename, roles, vacuum } from './objects.js';
import { full, nodeName, type Reader, relation, relations } from './reader.js';
import { createRoutine, runBlock } from './routines.js';
import { controlTransaction, setVariable } from './settings.js';
import { createTable, createTableAs } from './tables.js';
import { newerParts } from './versions.js';

type KeysOf<Each> = Each extends unknown ? keyof Each : never;
type Keys = KeysOf<Node>;
/** `CreateStmt` -> its content. */
type Content<Key extends Keys> = Extract<Node, { readonly [Each in Key]: unknown }>[Key];
type Readers = { readonly [Key in Keys]?: (reader: Reader, statement: Content<Key>) => readonly Act[] };

const text = (value: string | undefined): string => value ?? '';

const createDomain: Readers['CreateDomainStmt'] = (reader, { domainname, constraints }) => [
  {
    kind: 'create-type',
    name: full(reader, nameParts(domainname)),
    what: 'domain',
    labels: [],
    constrained: (constraints ?? []).some(
      (node) => 'Constraint' in node && /CHECK|NOTNULL/.test(text(node.Constraint.contype)),
    ),
  },
];

const otherType = (reader: Reader, parts: readonly string[]): readonly Act[] => [
  { kind: 'create-type', name: full(reader, parts), what: 'other', labels: [], constrained: false },
];

const tableReaders: Readers = {
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  CreateForeignTableStmt: (reader, { base }) => [
    { kind: 'create-other', what: 'foreign table', name: relation(reader, base?.relation).name },
  ],
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  DropStmt: dropObjects,
  RenameStmt: rename,
  TruncateStmt: (reader, { relations: tables, behavior }) => [
    { kind: 'truncate', tables: relations(reader, tables), cascade: behavior === 'DROP_CASCADE' },
  ],
  LockStmt: (reader, { relations: tables, mode }) => [
    { kind: 'lock-table', tables: relations(reader, tables), level: mode ?? 8 },
  ],
  AlterTableMoveAllStmt: (_, { orig_tablespacename }) => [
    {
      kind: 'rewrite-table',
      table: { namespace: '', name: text(orig_tablespacename) },
      what: 'moves with all of its tablespace',
    },
  ],
  CreateTrigStmt: (reader, { relation: table, trigname, replace }) => [
    { kind: 'create-trigger', table: relation(reader, table), name: text(trigname), replace: replace ?? false },
  ],
  CreatePolicyStmt: (reader, { table, policy_name }) => [
    { kind: 'create-policy', table: relation(reader, table), name: text(policy_name), what: 'create' },
  ],
  AlterPolicyStmt: (reader, { table, policy_name }) => [
    { kind: 'create-policy', table: relation(reader, table), name: text(policy_name), what: 'alter' },
  ],
  RuleStmt: (reader, { relation: table, rulename }) => [
    { kind: 'create-rule', table: relation(reader, table), name: text(rulename) },
  ],
};

const typeReaders: Readers = {
  CreateEnumStmt: (reader, { typeName, vals }) => [
    {
      kind: 'create-type',
      name: full(reader, nameParts(typeName)),
      what: 'enum',
      labels: nameParts(vals),
      constrained: false,
    },
  ],
  CreateDomainStmt: createDomain,
  CompositeTypeStmt: (reader, { typevar }) =>
    otherType(reader, [relation(reader, typevar).namespace, text(typevar?.relname)]),
  CreateRangeStmt: (reader, { typeName }) => otherType(reader, nameParts(typeName)),
  AlterEnumStmt: alterEnum,
  AlterDomainStmt: alterDomain,
  CreateSeqStmt: (reader, { sequence }) => [{ kind: 'create-sequence', name: relation(reader, sequence) }],
  AlterSeqStmt: (reader, { sequence, options }) => [
    {
      kind: 'alter-sequence',
      name: relation(reader, sequence),
      options: elementsOf(options).map(({ defname }) => text(defname)),
    },
  ],
  CreateSchemaStmt: (reader, { schemaname, schemaElts }) => [
    { kind: 'create-schema', name: text(schemaname) },
    ...(schemaElts ?? []).flatMap((node) => readNode({ ...reader, namespace: text(schemaname) }, node)),
  ],
  ViewStmt: (reader, { view, replace }) => [
    {
      kind: 'create-view',
      name: relation(reader, view),
      replace: replace ?? false,
      materialized: false,
      temporary: view?.relpersistence === 't',
    },
  ],
  AlterObjectSchemaStmt: (reader, { objectType, relation: target, object, newschema }) => [
    {
      kind: 'move',
      what: objectWord(objectType),
      name: target ? relation(reader, target) : objectName(reader, objectType, object),
      to: text(newschema),
    },
  ],
  AlterOwnerStmt: (reader, { objectType, relation: target, object, newowner }) => [
    {
      kind: 'change-owner',
      what: objectWord(objectType),
      name: target ? relation(reader, target) : objectName(reader, objectType, object),
      owner: newowner?.rolename ?? 'the current user',
    },
  ],
};

const routineReaders: Readers = {
  CreateFunctionStmt: (reader, statement) => createRoutine(reader, statement, readNode),
  DoStmt: (reader, statement) => runBlock(reader, statement, readNode),
  CallStmt: (reader, { funccall }) => [
    { kind: 'run', how: 'call', routine: full(reader, nameParts(funccall?.funcname)), acts: [] },
  ],
};

const dataReaders: Readers = {
  InsertStmt: (reader, statement) => writesIn(reader, { InsertStmt: statement }),
  UpdateStmt: (reader, statement) => writesIn(reader, { UpdateStmt: statement }),
  DeleteStmt: (reader, statement) => writesIn(reader, { DeleteStmt: statement }),
  MergeStmt: (reader, statement) => writesIn(reader, { MergeStmt: statement }),
  SelectStmt: (reader, statement) => query(reader, { SelectStmt: statement }),
  CopyStmt: (reader, { is_from, relation: table }) =>
    is_from && table
      ? [
          {
            kind: 'write',
            verb: 'copy',
            table: relation(reader, table),
            reach: 'few',
            equals: [],
            filters: [],
            strings: [],
          },
        ]
      : [{ kind: 'harmless', what: 'copy', name: '' }],
};

const sessionReaders: Readers = {
  TransactionStmt: (_, statement) => controlTransaction(statement),
  VariableSetStmt: (_, statement) => setVariable(statement),
  VacuumStmt: vacuum,
  ReindexStmt: reindex,
  ClusterStmt: (reader, { relation: target }) => {
    const table = relation(reader, target);
    return [
      target
        ? { kind: 'maintain', what: 'cluster', target: table.name, table, concurrently: false }
        : { kind: 'maintain', what: 'cluster', target: 'every table', concurrently: false },
    ];
  },
  RefreshMatViewStmt: (reader, { relation: target, concurrent }) => {
    const table = relation(reader, target);
    return [{ kind: 'maintain', what: 'refresh', target: table.name, table, concurrently: concurrent ?? false }];
  },
  GrantStmt: grant,
  GrantRoleStmt: (_, { is_grant, granted_roles, grantee_roles }) =>
    is_grant
      ? [{ kind: 'harmless', what: 'grant', name: '' }]
      : [
          {
            kind: 'revoke',
            on: (granted_roles ?? [])
              .map((node) => ('AccessPriv' in node ? text(node.AccessPriv.priv_name) : ''))
              .join(', '),
            from: roles(grantee_roles),
            names: [],
          },
        ],
  DropOwnedStmt: (_, { roles: owners }) => [{ kind: 'drop-owned', roles: roles(owners) }],
  CommentStmt: (reader, { object, objtype }) => {
    const name = nodeName(reader, object);
    return [{ kind: 'comment', on: `${objectWord(objtype)} ${name.namespace}.${name.name}` }];
  },
  CreatedbStmt: (_, { dbname }) => [{ kind: 'database', what: 'create', name: text(dbname) }],
  DropdbStmt: (_, { dbname }) => [{ kind: 'database', what: 'drop', name: text(dbname) }],
  AlterSystemStmt: () => [{ kind: 'database', what: 'alter-system', name: 'the server' }],
  CreateTableSpaceStmt: (_, { tablespacename }) => [
    { kind: 'database', what: 'tablespace', name: text(tablespacename) },
  ],
  DropTableSpaceStmt: (_, { tablespacename }) => [{ kind: 'database', what: 'tablespace', name: text(tablespacename) }],
};

const readers: Readers = { ...tableReaders, ...typeReaders, ...routineReaders, ...dataReaders, ...sessionReaders };

/** Statements that make or change what holds no rows, keeps nobody waiting and breaks no client. */
const harmless: { readonly [kind: string]: string } = {
  CreateExtensionStmt: 'create-extension',
  DefineStmt: 'define',
  CreateCastStmt: 'create-cast',
  CreateConversionStmt: 'create-conversion',
  CreateOpClassStmt: 'create-operator-class',
  CreateOpFamilyStmt: 'create-operator-family',
  AlterOpFamilyStmt: 'alter-operator-family',
  CreateStatsStmt: 'create-statistics',
  AlterStatsStmt: 'alter-statistics',
  CreateEventTrigStmt: 'create-event-trigger',
  AlterEventTrigStmt: 'alter-event-trigger',
  CreatePublicationStmt: 'create-publication',
  AlterPublicationStmt: 'alter-publication',
  CreateSubscriptionStmt: 'create-subscription',
  AlterSubscriptionStmt: 'alter-subscription',
  DropSubscriptionStmt: 'drop-subscription',
  CreateFdwStmt: 'create-foreign-data-wrapper',
  AlterFdwStmt: 'alter-foreign-data-wrapper',
  CreateForeignServerStmt: 'create-server',
  AlterForeignServerStmt: 'alter-server',
  CreateUserMappingStmt: 'create-user-mapping',
  AlterUserMappingStmt: 'alter-user-mapping',
  DropUserMappingStmt: 'drop-user-mapping',
  ImportForeignSchemaStmt: 'import-foreign-schema',
  CreateAmStmt: 'create-access-method',
  CreatePLangStmt: 'create-language',
  CreateTransformStmt: 'create-transform',
  CreateRoleStmt: 'create-role',
  AlterRoleStmt: 'alter-role',
  AlterRoleSetStmt: 'alter-role',
  DropRoleStmt: 'drop-role',
  ReassignOwnedStmt: 'reassign-owned',
  AlterDatabaseStmt: 'alter-database',
  AlterDatabaseSetStmt: 'alter-database',
  AlterDefaultPrivilegesStmt: 'alter-default-privileges',
  AlterFunctionStmt: 'alter-function',
  AlterExtensionStmt: 'alter-extension',
  AlterExtensionContentsStmt: 'alter-extension',
  AlterObjectDependsStmt: 'alter-depends',
  AlterCollationStmt: 'alter-collation',
  AlterOperatorStmt: 'alter-operator',
  AlterTypeStmt: 'alter-type',
  AlterTSDictionaryStmt: 'alter-text-search',
  AlterTSConfigurationStmt: 'alter-text-search',
  AlterTableSpaceOptionsStmt: 'alter-tablespace',
  SecLabelStmt: 'security-label',
  VariableShowStmt: 'show',
  ExplainStmt: 'explain',
  CheckPointStmt: 'checkpoint',
  DiscardStmt: 'discard',
  LoadStmt: 'load',
  NotifyStmt: 'notify',
  ListenStmt: 'listen',
  UnlistenStmt: 'unlisten',
  PrepareStmt: 'prepare',
  ExecuteStmt: 'execute',
  DeallocateStmt: 'deallocate',
  DeclareCursorStmt: 'declare-cursor',
  FetchStmt: 'fetch',
  ClosePortalStmt: 'close-cursor',
  ConstraintsSetStmt: 'set-constraints',
  ReturnStmt: 'return',
};

const named = (content: unknown): string => {
  const { extname, role, stmt_type } = (content ?? {}) as { extname?: string; role?: unknown; stmt_type?: string };
  return extname ?? (typeof role === 'string' ? role : (stmt_type ?? ''));
};

const explained = (reader: Reader, node: Node): readonly Act[] => {
  if (!('ExplainStmt' in node) || !node.ExplainStmt.query) return [];
  const runsIt = elementsOf(node.ExplainStmt.options).some(({ defname }) => defname === 'analyze');
  return runsIt ? readNode(reader, node.ExplainStmt.query) : [];
};

/** What one statement does, without what only its names or its age tell. */
export const readNode = (reader: Reader, node: Node): readonly Act[] => {
  const [kind, content] = (Object.entries(node)[0] ?? ['', undefined]) as [Keys, never];
  const read = readers[kind] as ((reader: Reader, statement: never) => readonly Act[]) | undefined;
  if (read) return read(reader, content);
  const word = harmless[kind];
  if (word === undefined) return [{ kind: 'unknown', what: kind.replace(/Stmt$/, '') }];
  return [{ kind: 'harmless', what: word, name: named(content) }, ...explained(reader, node)];
};

/** Everything one statement does, in order. */
export const readStatement = (reader: Reader, node: Node): readonly Act[] => [
  ...newerParts(node),
  ...looseNames(reader, node),
  ...longNames(reader),
  ...readNode(reader, node),
];
