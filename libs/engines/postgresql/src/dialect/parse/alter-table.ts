import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types';
import { pathOf, type Sequence, type Table, type View } from '@dsem/schema';
import { columnCommands, type Command } from './alter-column.js';
import { alterConstraint } from './alter-constraint.js';
import { alterIndex } from './alter-index.js';
import { alterFamily } from './below.js';
import { readColumn } from './columns.js';
import { addConstraint, inServerOrder } from './constraints.js';
import { type Draft, keyOf, missing, putTable, putView, refuse, type Site, tableOf, twice } from './draft.js';
import { dropColumn, dropConstraint } from './drop-parts.js';
import { alterForeignOptions } from './foreign.js';
import { clusterOn, dropCluster, replicaIdentity } from './index-marks.js';
import { relationOf } from './names.js';
import { asColumnCommand, staysAbove, validateNotNull } from './not-null.js';
import { withOptions } from './options.js';
import { alterNumberingTable, numberedBy } from './numbering.js';
import { ownRelation } from './owners.js';
import { attach, detach, inherit, leaveParent } from './partitions.js';
import { switchRule } from './rules.js';
import { switchTriggers } from './triggers.js';
import { alterStruct } from './structs.js';
import { putOfType, refuseTyped, takeOffType } from './typed-tables.js';

const addColumn: Command = ({ draft, name, site }, { def, missing_ok }) => {
  if (!def || !('ColumnDef' in def)) return;
  const table = tableOf(draft, name, site);
  const exists = table.columns.some((column) => column.name === def.ColumnDef.colname);
  const path = pathOf(name, def.ColumnDef.colname ?? '');
  if (exists && missing_ok) return;
  refuseTyped(draft, name, site);
  if (exists) twice(`The column ${path}`, path, site);
  const { column, constraints } = readColumn(draft, name, def.ColumnDef, site);
  putTable(draft, { ...table, columns: [...table.columns, column] });
  for (const constraint of inServerOrder(constraints)) addConstraint(draft, name, constraint, false, site);
};

const validate: Command = ({ draft, name, site }, { name: constraint }) => {
  const table = tableOf(draft, name, site);
  const valid = <Part extends { readonly name: string; readonly validated?: false }>(part: Part): Part => {
    if (part.name !== constraint) return part;
    const { validated: _, ...rest } = part;
    return rest as Part;
  };
  putTable(draft, { ...table, checks: table.checks.map(valid), foreignKeys: table.foreignKeys.map(valid) });
  validateNotNull(draft, tableOf(draft, name, site), constraint);
};

const setOptions =
  (reset: boolean): Command =>
  ({ draft, name, site }, { def }) => {
    const view = draft.views.get(keyOf(name));
    const change = <Value extends Table | View>(value: Value): Value => ({
      ...value,
      attributes: withOptions(value.attributes, def, reset),
    });
    if (view) putView(draft, change(view));
    else putTable(draft, change(tableOf(draft, name, site)));
  };

const setLogged =
  (unlogged: boolean): Command =>
  ({ draft, name, site }) => {
    const change = <Value extends Table | Sequence>(value: Value): Value => {
      const { unlogged: _, ...rest } = value.attributes ?? {};
      return { ...value, attributes: unlogged ? { ...rest, unlogged: true } : rest };
    };
    const sequence = draft.sequences.get(keyOf(name));
    if (sequence) draft.sequences.set(keyOf(name), change(sequence));
    else putTable(draft, change(tableOf(draft, name, site)));
  };

type Flag = 'rowSecurity' | 'forceRowSecurity';

const setFlag =
  (flag: Flag, on: boolean): Command =>
  ({ draft, name, site }) => {
    const table = tableOf(draft, name, site);
    const { [flag]: _, ...rest } = table.attributes ?? {};
    putTable(draft, { ...table, attributes: on ? { ...rest, [flag]: true } : rest });
  };

const owner: Command = ({ draft, name, site }, { newowner }) => ownRelation(draft, name, newowner, site);

const mannerOf = ({ missing_ok, behavior }: AlterTableCmd) => ({
  ifExists: missing_ok ?? false,
  cascade: behavior === 'DROP_CASCADE',
});

const triggers: Command = ({ draft, name, site }, command) => switchTriggers(draft, name, command, site);

const rules: Command = ({ draft, name, site }, command) => switchRule(draft, name, command, site);

const commands: { readonly [subtype: string]: Command } = {
  AT_AddColumn: addColumn,
  AT_DropColumn: ({ draft, name, site }, command) => {
    refuseTyped(draft, name, site);
    dropColumn(draft, name, command.name ?? '', mannerOf(command), site);
  },
  ...columnCommands,
  AT_AddConstraint: ({ draft, name, site }, { def }) => {
    if (def && 'Constraint' in def) addConstraint(draft, name, { node: def.Constraint }, false, site);
  },
  AT_AlterConstraint: ({ draft, name, site }, { def }) => {
    if (def && 'ATAlterConstraint' in def) alterConstraint(draft, name, def.ATAlterConstraint, site);
  },
  AT_DropOids: ({ draft, site }) => {
    draft.notes.push({ message: 'skipped SET WITHOUT OIDS: no table has them', ...site });
  },
  AT_DropConstraint: ({ draft, name, site }, command) =>
    dropConstraint(draft, name, command.name ?? '', mannerOf(command), site),
  AT_ValidateConstraint: validate,
  AT_SetRelOptions: setOptions(false),
  AT_ResetRelOptions: setOptions(true),
  AT_SetLogged: setLogged(false),
  AT_SetUnLogged: setLogged(true),
  AT_EnableRowSecurity: setFlag('rowSecurity', true),
  AT_DisableRowSecurity: setFlag('rowSecurity', false),
  AT_ForceRowSecurity: setFlag('forceRowSecurity', true),
  AT_NoForceRowSecurity: setFlag('forceRowSecurity', false),
  AT_ReplicaIdentity: replicaIdentity,
  AT_ClusterOn: clusterOn,
  AT_DropCluster: dropCluster,
  AT_ChangeOwner: owner,
  AT_GenericOptions: ({ draft, name, site }, command) => alterForeignOptions(draft, name, command, site),
  AT_AlterColumnGenericOptions: ({ draft, name, site }, command) => alterForeignOptions(draft, name, command, site),
  AT_EnableTrig: triggers,
  AT_EnableAlwaysTrig: triggers,
  AT_EnableReplicaTrig: triggers,
  AT_DisableTrig: triggers,
  AT_EnableTrigAll: triggers,
  AT_DisableTrigAll: triggers,
  AT_EnableTrigUser: triggers,
  AT_DisableTrigUser: triggers,
  AT_EnableRule: rules,
  AT_EnableAlwaysRule: rules,
  AT_EnableReplicaRule: rules,
  AT_DisableRule: rules,
  AT_AttachPartition: attach,
  AT_DetachPartition: detach,
  AT_AddInherit: inherit,
  AT_DropInherit: leaveParent,
  AT_AddOf: putOfType,
  AT_DropOf: takeOffType,
};

/** ALTER TABLE, and the forms of ALTER VIEW and ALTER SEQUENCE that the grammar reads the same way. */
export const alterTable = (draft: Draft, statement: AlterTableStmt, site: Site): void => {
  if (statement.objtype === 'OBJECT_TYPE') return alterStruct(draft, statement, site);
  const name = relationOf(statement.relation);
  const key = keyOf(name);
  const known = draft.tables.has(key) || draft.views.has(key) || draft.sequences.has(key);
  if (!known && statement.missing_ok) return;
  if (!known && !draft.indexOwners.has(key) && !draft.numbering.has(key)) missing('table', name, site);
  const only = statement.relation?.inh !== true;
  const column = known ? undefined : numberedBy(draft, name);
  for (const node of statement.cmds ?? []) {
    if (!('AlterTableCmd' in node)) continue;
    if (column) {
      alterNumberingTable(draft, column, node.AlterTableCmd, site);
      continue;
    }
    const wanted = asColumnCommand(draft, node.AlterTableCmd, name);
    const command = commands[wanted.subtype ?? ''];
    const words = (wanted.subtype ?? '').replace('AT_', '');
    if (!known && words !== 'AttachPartition') {
      alterIndex(draft, name, wanted, site);
      continue;
    }
    if (!command) refuse(`ALTER TABLE with ${words} is not supported`, pathOf(name), site);
    else alterFamily({ draft, name, site }, wanted, only || staysAbove(wanted), command);
  }
};
