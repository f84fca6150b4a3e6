import type { HazardClass, Severity } from '@dsem/schema';
import { addCheck } from './lint/rules/add-check.js';
import { addExclusion } from './lint/rules/add-exclusion.js';
import { addFk } from './lint/rules/add-fk.js';
import { addRequiredColumn } from './lint/rules/add-required-column.js';
import { addUnique } from './lint/rules/add-unique.js';
import { changeCollation } from './lint/rules/change-collation.js';
import { changeDefault } from './lint/rules/change-default.js';
import { changeGeneratedExpression } from './lint/rules/change-generated-expression.js';
import { changeIdentity } from './lint/rules/change-identity.js';
import { changeOwner } from './lint/rules/change-owner.js';
import { changeReplicationIdentity } from './lint/rules/change-replication-identity.js';
import { changeRlsPolicy } from './lint/rules/change-rls-policy.js';
import { changeSequence } from './lint/rules/change-sequence.js';
import { changeTrigger } from './lint/rules/change-trigger.js';
import { changeTypeClientVisible } from './lint/rules/change-type-client-visible.js';
import { detachPartition } from './lint/rules/detach-partition.js';
import { disableRls } from './lint/rules/disable-rls.js';
import { disableTrigger } from './lint/rules/disable-trigger.js';
import { dropColumn } from './lint/rules/drop-column.js';
import { dropConstraint } from './lint/rules/drop-constraint.js';
import { dropDefault } from './lint/rules/drop-default.js';
import { dropExtension } from './lint/rules/drop-extension.js';
import { dropFk } from './lint/rules/drop-fk.js';
import { dropGenerated } from './lint/rules/drop-generated.js';
import { dropIndex } from './lint/rules/drop-index.js';
import { dropNotNull } from './lint/rules/drop-not-null.js';
import { dropRoutine } from './lint/rules/drop-routine.js';
import { dropSchema } from './lint/rules/drop-schema.js';
import { dropSequence } from './lint/rules/drop-sequence.js';
import { dropTable } from './lint/rules/drop-table.js';
import { dropTrigger } from './lint/rules/drop-trigger.js';
import { dropType } from './lint/rules/drop-type.js';
import { dropUniqueIndex } from './lint/rules/drop-unique-index.js';
import { dropView } from './lint/rules/drop-view.js';
import { enableRls } from './lint/rules/enable-rls.js';
import { enumAddValue } from './lint/rules/enum-add-value.js';
import { forceRls } from './lint/rules/force-rls.js';
import { lossyType } from './lint/rules/lossy-type.js';
import { narrowType } from './lint/rules/narrow-type.js';
import { pgAddIdentity } from './lint/rules/pg-add-identity.js';
import { pgAttachPartitionScan } from './lint/rules/pg-attach-partition-scan.js';
import { pgConstraintNotValid } from './lint/rules/pg-constraint-not-valid.js';
import { pgCreatePartitionOf } from './lint/rules/pg-create-partition-of.js';
import { pgDetachNotConcurrent } from './lint/rules/pg-detach-not-concurrent.js';
import { pgDomainConstraint } from './lint/rules/pg-domain-constraint.js';
import { pgExclusionBlocking } from './lint/rules/pg-exclusion-blocking.js';
import { pgDropIndexNotConcurrent } from './lint/rules/pg-drop-index-not-concurrent.js';
import { pgIndexNotConcurrent } from './lint/rules/pg-index-not-concurrent.js';
import { pgSetNotNullScan } from './lint/rules/pg-set-not-null-scan.js';
import { pgStoredGenerated } from './lint/rules/pg-stored-generated.js';
import { pgTableRewrite } from './lint/rules/pg-table-rewrite.js';
import { pgTypeRewrite } from './lint/rules/pg-type-rewrite.js';
import { pgUniquePkBlocking } from './lint/rules/pg-unique-pk-blocking.js';
import { pgVolatileDefault } from './lint/rules/pg-volatile-default.js';
import { renameColumn } from './lint/rules/rename-column.js';
import { renameTable } from './lint/rules/rename-table.js';
import { replaceViewOrRoutine } from './lint/rules/replace-view-or-routine.js';
import { revoke } from './lint/rules/revoke.js';
import { setNotNull } from './lint/rules/set-not-null.js';

/** What a hazard rule says wherever it fires (ids of engines.md 1.5 and 7). */
export interface HazardRule {
  readonly id: string;
  readonly severity: Severity;
  readonly hazard: HazardClass;
  readonly why: string;
  readonly fix: string;
}

/** The rules that rendered statements can break; those that lint has as well are told in its words. */
export const hazardRules = {
  dropTable,
  dropColumn,
  dropSchema,
  dropView,
  replaceView: replaceViewOrRoutine,
  dropRoutine,
  dropTrigger,
  changeTrigger,
  disableTrigger,
  dropRule: {
    id: 'drop-trigger',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Writes do what they say again, and nothing of what it did beside or instead.',
    fix: 'Make sure nobody relies on it, or replace it in the same transaction.',
  },
  changeRule: {
    id: 'change-trigger',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'Writes have other effects than before.',
    fix: 'Check every writer of the table or view.',
  },
  dropSequence,
  changeSequence,
  dropType,
  dropExtension,
  enumAdd: enumAddValue,
  enumRemove: {
    id: 'enum-remove-value',
    severity: 'error',
    hazard: 'data-dependent',
    why: 'Rows that hold a removed label make the change fail.',
    fix: 'Move those rows to another label first.',
  },
  enumReorder: {
    id: 'enum-reorder',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Comparisons and sorted results change.',
    fix: 'Append labels instead of moving them.',
  },
  typeRewrite: pgTypeRewrite,
  widenRewrite: {
    id: 'widen-type-rewrite',
    severity: 'warning',
    hazard: 'rewrite',
    why: 'Every value fits, but the whole table is copied under an exclusive lock.',
    fix: 'Add a column of the new type, fill it in batches, then switch.',
  },
  narrowType,
  lossyType,
  typeVisible: changeTypeClientVisible,
  collation: changeCollation,
  requiredColumn: addRequiredColumn,
  volatileDefault: pgVolatileDefault,
  storedGenerated: pgStoredGenerated,
  addIdentity: pgAddIdentity,
  domainConstraint: { ...pgDomainConstraint, hazard: 'lock' },
  domainRewrite: { ...pgDomainConstraint, severity: 'error' },
  setNotNull,
  notNullScan: pgSetNotNullScan,
  dropNotNull,
  dropDefault,
  changeDefault,
  changeIdentity,
  changeGenerated: changeGeneratedExpression,
  dropGenerated,
  renameColumn,
  renameTable,
  addUnique,
  uniqueBlocking: pgUniquePkBlocking,
  addExclusion,
  exclusionBlocking: pgExclusionBlocking,
  addCheck,
  addForeignKey: addFk,
  notValidFirst: pgConstraintNotValid,
  dropConstraint,
  dropForeignKey: dropFk,
  indexBlocking: pgIndexNotConcurrent,
  dropIndex,
  dropUniqueIndex,
  dropIndexBlocking: pgDropIndexNotConcurrent,
  loggedRewrite: pgTableRewrite,
  replicaIdentity: changeReplicationIdentity,
  createPartition: pgCreatePartitionOf,
  attachPartition: {
    id: 'attach-partition',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'Readers of the partitioned table see the rows of the new partition at once.',
    fix: 'Make sure that the rows are complete before the table is attached.',
  },
  attachScan: pgAttachPartitionScan,
  detachPartition,
  detachBlocking: pgDetachNotConcurrent,
  revoke,
  changeOwner,
  changePolicy: changeRlsPolicy,
  enableRowSecurity: enableRls,
  disableRowSecurity: disableRls,
  forceRowSecurity: forceRls,
  dropForeignTable: {
    id: 'drop-table',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Clients that use it break; its rows stay where they are, on the other server.',
    fix: 'Stop using it first.',
  },
  dropForeign: {
    id: 'drop-object',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Foreign tables that are reached through it can no longer be read.',
    fix: 'Find what uses it, replace that, then drop it.',
  },
  changeForeign: {
    id: 'change-foreign-access',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'Foreign tables may read other rows from now on, or none.',
    fix: 'Read a few rows through it right after the change.',
  },
  eventTrigger: {
    id: 'change-event-trigger',
    severity: 'warning',
    hazard: 'policy',
    why: 'It fires for the statements of this plan that come after it, and for those of every later one; what it raises stops them.',
    fix: 'Make sure that its function lets migrations through, for example by the role that runs them.',
  },
  dropEventTrigger: {
    id: 'drop-object',
    severity: 'warning',
    hazard: 'security',
    why: 'What it forbade or noted is neither forbidden nor noted any more.',
    fix: 'Make sure that nobody relies on it.',
  },
  dropOperator: {
    id: 'drop-object',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Queries that use it fail, or give other results by way of another one.',
    fix: 'Find the queries that use it and change them first.',
  },
  changeOperator: {
    id: 'change-operator',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'The same query may give other results, or fail where it did not.',
    fix: 'Compare results of the queries that use it before and after, and rebuild indexes that were made with it.',
  },
  dropTextSearch: {
    id: 'drop-object',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Searches that name it fail.',
    fix: 'Find the queries that search by it and change them first.',
  },
  changeTextSearch: {
    id: 'change-text-search',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'Words that are stored already, in columns and indexes, were made in the old way and may not be found any more.',
    fix: 'Compute stored vectors anew and rebuild the indexes on them after the change.',
  },
  dropCollation: {
    id: 'drop-object',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Queries that name it fail.',
    fix: 'Find the queries that sort or compare by it and change them first.',
  },
  dropStatistics: {
    id: 'drop-statistics',
    severity: 'warning',
    hazard: 'performance',
    why: 'The planner guesses again how the columns hang together, and may choose slower plans.',
    fix: 'Compare the plans of the queries that filter or group by these columns before and after.',
  },
  changeStatistics: {
    id: 'change-statistics',
    severity: 'warning',
    hazard: 'performance',
    why: 'What was counted is gone until the next ANALYZE; until then the planner guesses.',
    fix: 'Run ANALYZE on the table right after the change.',
  },
  dropPublication: {
    id: 'drop-object',
    severity: 'error',
    hazard: 'breaks-clients',
    why: 'Subscribers get nothing more from it, and a slot that still asks for it stops with an error.',
    fix: 'Let subscribers give it up first.',
  },
  changePublication: {
    id: 'change-publication',
    severity: 'warning',
    hazard: 'breaks-clients',
    why: 'Subscribers miss what happens from now on without an error.',
    fix: 'Tell whoever subscribes, and refresh subscriptions after the change.',
  },
} as const satisfies { readonly [name: string]: HazardRule };
