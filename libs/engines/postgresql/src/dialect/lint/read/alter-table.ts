import type { AlterTableCmd, AlterTableStmt, Node } from '@pgsql/types';
import type { Full } from '../../parse/names.js';
import { nameParts } from '../../type-names.js';
import type { Act } from '../acts.js';
import { columnFacts, constraintFacts } from './columns.js';
import { type Reader, relation, typeOf } from './reader.js';

interface Site {
  readonly reader: Reader;
  readonly table: Full;
}

type Command = (site: Site, command: AlterTableCmd) => readonly Act[];

const addColumn: Command = ({ reader, table }, { def, missing_ok }) => {
  if (!def || !('ColumnDef' in def)) return [];
  return [{ kind: 'add-column', table, ...columnFacts(reader, def.ColumnDef), ifNotExists: missing_ok ?? false }];
};

const changeType: Command = ({ table }, { name = '', def }) => {
  if (!def || !('ColumnDef' in def)) return [];
  const { typeName, collClause, raw_default } = def.ColumnDef;
  const collation = nameParts(collClause?.collname).join('.');
  return [
    {
      kind: 'change-type',
      table,
      column: name,
      type: typeOf(typeName),
      ...(raw_default ? { using: raw_default } : {}),
      ...(collation === '' ? {} : { collation }),
    },
  ];
};

const addConstraint: Command = ({ reader, table }, { def }) => {
  const constraint = def && 'Constraint' in def ? constraintFacts(reader, def.Constraint) : undefined;
  if (!constraint) return [];
  const { at: _, ...rest } = constraint;
  return [{ kind: 'add-constraint', table, constraint: rest }];
};

const alterConstraint: Command = ({ table }, { def }) => {
  const altered = def && 'ATAlterConstraint' in def ? def.ATAlterConstraint : undefined;
  const enforced = altered?.alterEnforceability ? (altered.is_enforced ?? false) : undefined;
  const name = altered?.conname ?? '';
  return [{ kind: 'alter-constraint', table, name, ...(enforced === undefined ? {} : { enforced }) }];
};

const partitionOf = (reader: Reader, def: Node | undefined) =>
  def && 'PartitionCmd' in def
    ? { ...def.PartitionCmd, partition: relation(reader, def.PartitionCmd.name) }
    : undefined;

const attach: Command = ({ reader, table }, { def }) => {
  const found = partitionOf(reader, def);
  if (!found) return [];
  const { partition, bound } = found;
  return [{ kind: 'attach-partition', table, partition, isDefault: bound?.is_default ?? false }];
};

const detach: Command = ({ reader, table }, { def }) => {
  const found = partitionOf(reader, def);
  if (!found) return [];
  return [{ kind: 'detach-partition', table, partition: found.partition, concurrently: found.concurrent ?? false }];
};

const rewrites =
  (what: string): Command =>
  ({ table }) => [{ kind: 'rewrite-table', table, what }];
const option =
  (what: string, exclusive = false): Command =>
  ({ table }) => [{ kind: 'table-option', table, what, exclusive }];
const trigger =
  (enable: boolean): Command =>
  ({ table }, { name }) => [{ kind: 'toggle-trigger', table, name: name ?? 'all', enable }];
const security =
  (what: 'enable' | 'disable' | 'force' | 'no-force'): Command =>
  ({ table }) => [{ kind: 'row-security', table, what }];
const column =
  (kind: 'drop-default' | 'set-not-null' | 'drop-not-null' | 'change-expression' | 'drop-expression'): Command =>
  ({ table }, { name = '' }) => [{ kind, table, column: name }];
const identity =
  (what: 'add' | 'set' | 'drop'): Command =>
  ({ table }, { name = '' }) => [{ kind: 'change-identity', table, column: name, what }];

const replica: Command = ({ table }, { def }) => {
  const letter = def && 'ReplicaIdentityStmt' in def ? def.ReplicaIdentityStmt.identity_type : undefined;
  const words: { readonly [letter: string]: string } = { f: 'FULL', n: 'NOTHING', i: 'an index', d: 'the primary key' };
  return [{ kind: 'replica-identity', table, how: words[letter ?? ''] ?? 'another key' }];
};

const commands: { readonly [subtype: string]: Command } = {
  AT_AddColumn: addColumn,
  AT_DropColumn: ({ table }, { name = '', behavior, missing_ok }) => [
    { kind: 'drop-column', table, column: name, cascade: behavior === 'DROP_CASCADE', ifExists: missing_ok ?? false },
  ],
  AT_AlterColumnType: changeType,
  AT_ColumnDefault: ({ table }, { name = '', def }) =>
    def ? [{ kind: 'set-default', table, column: name, value: def }] : [{ kind: 'drop-default', table, column: name }],
  AT_SetNotNull: column('set-not-null'),
  AT_DropNotNull: column('drop-not-null'),
  AT_SetExpression: column('change-expression'),
  AT_DropExpression: column('drop-expression'),
  AT_AddIdentity: identity('add'),
  AT_SetIdentity: identity('set'),
  AT_DropIdentity: identity('drop'),
  AT_AddConstraint: addConstraint,
  AT_AlterConstraint: alterConstraint,
  AT_ValidateConstraint: ({ table }, { name = '' }) => [{ kind: 'validate-constraint', table, name }],
  AT_DropConstraint: ({ table }, { name = '', behavior, missing_ok }) => [
    { kind: 'drop-constraint', table, name, cascade: behavior === 'DROP_CASCADE', ifExists: missing_ok ?? false },
  ],
  AT_AttachPartition: attach,
  AT_DetachPartition: detach,
  AT_DetachPartitionFinalize: option('DETACH PARTITION FINALIZE'),
  AT_SetTableSpace: rewrites('moves to another tablespace'),
  AT_SetLogged: rewrites('becomes logged'),
  AT_SetUnLogged: rewrites('becomes unlogged'),
  AT_SetAccessMethod: rewrites('changes its access method'),
  AT_EnableTrig: trigger(true),
  AT_EnableAlwaysTrig: trigger(true),
  AT_EnableReplicaTrig: trigger(true),
  AT_EnableTrigAll: trigger(true),
  AT_EnableTrigUser: trigger(true),
  AT_DisableTrig: trigger(false),
  AT_DisableTrigAll: trigger(false),
  AT_DisableTrigUser: trigger(false),
  AT_EnableRule: option('ENABLE RULE', true),
  AT_EnableAlwaysRule: option('ENABLE RULE', true),
  AT_EnableReplicaRule: option('ENABLE RULE', true),
  AT_DisableRule: option('DISABLE RULE', true),
  AT_EnableRowSecurity: security('enable'),
  AT_DisableRowSecurity: security('disable'),
  AT_ForceRowSecurity: security('force'),
  AT_NoForceRowSecurity: security('no-force'),
  AT_ReplicaIdentity: replica,
  AT_ChangeOwner: ({ table }, { newowner }) => [
    { kind: 'change-owner', what: 'table', name: table, owner: newowner?.rolename ?? 'the current user' },
  ],
  AT_AddInherit: option('INHERIT', true),
  AT_DropInherit: option('NO INHERIT', true),
  AT_AddOf: option('OF', true),
  AT_DropOf: option('NOT OF', true),
  AT_SetStatistics: option('SET STATISTICS'),
  AT_SetOptions: option('SET of a column'),
  AT_ResetOptions: option('RESET of a column'),
  AT_SetStorage: option('SET STORAGE', true),
  AT_SetCompression: option('SET COMPRESSION', true),
  AT_ClusterOn: option('CLUSTER ON'),
  AT_DropCluster: option('SET WITHOUT CLUSTER'),
  AT_DropOids: option('SET WITHOUT OIDS'),
  AT_SetRelOptions: option('SET'),
  AT_ResetRelOptions: option('RESET'),
  AT_ReplaceRelOptions: option('SET'),
  AT_GenericOptions: option('OPTIONS', true),
  AT_AlterColumnGenericOptions: option('OPTIONS of a column', true),
};

const attributes: { readonly [subtype: string]: string } = {
  AT_AddColumn: 'gets the attribute',
  AT_DropColumn: 'loses the attribute',
  AT_AlterColumnType: 'changes the type of the attribute',
};

const compositePart = (command: AlterTableCmd): string =>
  command.name ?? (command.def && 'ColumnDef' in command.def ? (command.def.ColumnDef.colname ?? '') : '');

/** What ALTER VIEW, SEQUENCE, INDEX and so on do by this grammar is not about rows. */
const others: { readonly [objtype: string]: string } = {
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_INDEX: 'index',
};

const otherRelation = (site: Site, what: string, command: AlterTableCmd): readonly Act[] => {
  const subtype = command.subtype ?? '';
  const owner = command.newowner?.rolename ?? 'the current user';
  if (subtype === 'AT_ChangeOwner') return [{ kind: 'change-owner', what, name: site.table, owner }];
  const known = subtype === 'AT_ClusterOn' || subtype === 'AT_SetTableSpace';
  if (what === 'materialized view' && known) return commands[subtype]?.(site, command) ?? [];
  return [{ kind: 'alter-other', what, name: `${site.table.namespace}.${site.table.name}` }];
};

/** ALTER TABLE, one act per command, and what the grammar reads the same way. */
export const alterTable = (reader: Reader, statement: AlterTableStmt): readonly Act[] => {
  const table = relation(reader, statement.relation);
  const site: Site = { reader, table };
  const what = others[statement.objtype ?? ''];
  return (statement.cmds ?? []).flatMap((node): readonly Act[] => {
    if (!('AlterTableCmd' in node)) return [];
    const command = node.AlterTableCmd;
    const subtype = command.subtype ?? '';
    if (statement.objtype === 'OBJECT_TYPE')
      return [
        { kind: 'alter-composite', type: table, what: attributes[subtype] ?? 'changes', part: compositePart(command) },
      ];
    if (statement.objtype === 'OBJECT_FOREIGN_TABLE' && subtype !== 'AT_DropColumn')
      return [{ kind: 'alter-other', what: 'foreign table', name: `${table.namespace}.${table.name}` }];
    if (what !== undefined) return otherRelation(site, what, command);
    return (
      commands[subtype]?.(site, command) ?? [
        { kind: 'unknown', what: `ALTER TABLE with ${subtype.replace('AT_', '')}` },
      ]
    );
  });
};
