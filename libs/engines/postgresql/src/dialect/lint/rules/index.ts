import type { ScriptRule } from '../rule.js';
import { addCheck } from './add-check.js';
import { addExclusion } from './add-exclusion.js';
import { addFk } from './add-fk.js';
import { addRequiredColumn } from './add-required-column.js';
import { addUnique } from './add-unique.js';
import { backfillInDdlTx } from './backfill-in-ddl-tx.js';
import { backfillNoIndexOnKey } from './backfill-no-index-on-key.js';
import { backfillUnbatched } from './backfill-unbatched.js';
import { changeCollation } from './change-collation.js';
import { changeCompositeType } from './change-composite-type.js';
import { changeDefault } from './change-default.js';
import { changeGeneratedExpression } from './change-generated-expression.js';
import { changeIdentity } from './change-identity.js';
import { changeOwner } from './change-owner.js';
import { changeReplicationIdentity } from './change-replication-identity.js';
import { changeRlsPolicy } from './change-rls-policy.js';
import { changeSequence } from './change-sequence.js';
import { changeTrigger } from './change-trigger.js';
import { changeTypeClientVisible } from './change-type-client-visible.js';
import { commentMissing } from './comment-missing.js';
import { crossDbReference } from './cross-db-reference.js';
import { deleteWithoutWhere } from './delete-without-where.js';
import { detachPartition } from './detach-partition.js';
import { disableRls } from './disable-rls.js';
import { disableTrigger } from './disable-trigger.js';
import { dropColumn } from './drop-column.js';
import { dropConstraint } from './drop-constraint.js';
import { dropDatabase } from './drop-database.js';
import { dropDefault } from './drop-default.js';
import { dropExtension } from './drop-extension.js';
import { dropFk } from './drop-fk.js';
import { dropGenerated } from './drop-generated.js';
import { dropIndex } from './drop-index.js';
import { dropNotNull } from './drop-not-null.js';
import { dropOwned } from './drop-owned.js';
import { dropRoutine } from './drop-routine.js';
import { dropSchema } from './drop-schema.js';
import { dropSequence } from './drop-sequence.js';
import { dropTable } from './drop-table.js';
import { dropTrigger } from './drop-trigger.js';
import { dropType } from './drop-type.js';
import { dropUniqueIndex } from './drop-unique-index.js';
import { dropView } from './drop-view.js';
import { duplicateIndex } from './duplicate-index.js';
import { dynamicSql } from './dynamic-sql.js';
import { enableRls } from './enable-rls.js';
import { enumAddValue } from './enum-add-value.js';
import { enumRenameValue } from './enum-rename-value.js';
import { fkOnDeleteCascade } from './fk-on-delete-cascade.js';
import { fkWithoutIndex } from './fk-without-index.js';
import { floatForMoney } from './float-for-money.js';
import { forceRls } from './force-rls.js';
import { identifierCase } from './identifier-case.js';
import { identifierNonAscii } from './identifier-non-ascii.js';
import { identifierReserved } from './identifier-reserved.js';
import { identifierTooLong } from './identifier-too-long.js';
import { indexOnLowCardinality } from './index-on-low-cardinality.js';
import { lossyType } from './lossy-type.js';
import { mixDdlDml } from './mix-ddl-dml.js';
import { moveSchema } from './move-schema.js';
import { multiChangeSameObject } from './multi-change-same-object.js';
import { namingConvention } from './naming-convention.js';
import { narrowType } from './narrow-type.js';
import { pgAddIdentity } from './pg-add-identity.js';
import { pgAttachPartitionScan } from './pg-attach-partition-scan.js';
import { pgCharType } from './pg-char-type.js';
import { pgCicBug14 } from './pg-cic-bug-14.js';
import { pgColumnAlignment } from './pg-column-alignment.js';
import { pgConcurrentlyInTx } from './pg-concurrently-in-tx.js';
import { pgConcurrentlyPartitioned } from './pg-concurrently-partitioned.js';
import { pgConstraintNotValid } from './pg-constraint-not-valid.js';
import { pgCreatePartitionOf } from './pg-create-partition-of.js';
import { pgDetachNotConcurrent } from './pg-detach-not-concurrent.js';
import { pgDomainConstraint } from './pg-domain-constraint.js';
import { pgDropCascade } from './pg-drop-cascade.js';
import { pgDropIndexNotConcurrent } from './pg-drop-index-not-concurrent.js';
import { pgEnumAppendOrder } from './pg-enum-append-order.js';
import { pgEnumValueSameTx } from './pg-enum-value-same-tx.js';
import { pgExclusionBlocking } from './pg-exclusion-blocking.js';
import { pgIndexNotConcurrent } from './pg-index-not-concurrent.js';
import { pgIntPk } from './pg-int-pk.js';
import { pgJsonNotJsonb } from './pg-json-not-jsonb.js';
import { pgMissingLockTimeout } from './pg-missing-lock-timeout.js';
import { pgMissingStatementTimeout } from './pg-missing-statement-timeout.js';
import { pgNotIdempotent } from './pg-not-idempotent.js';
import { pgRefreshNotConcurrent } from './pg-refresh-not-concurrent.js';
import { pgReindexNotConcurrent } from './pg-reindex-not-concurrent.js';
import { pgSerial } from './pg-serial.js';
import { pgSetNotNullScan } from './pg-set-not-null-scan.js';
import { pgStoredGenerated } from './pg-stored-generated.js';
import { pgTableRewrite } from './pg-table-rewrite.js';
import { pgTimestampWithoutTz } from './pg-timestamp-without-tz.js';
import { pgTruncateCascade } from './pg-truncate-cascade.js';
import { pgTxNesting } from './pg-tx-nesting.js';
import { pgTypeRewrite } from './pg-type-rewrite.js';
import { pgUncommittedTx } from './pg-uncommitted-tx.js';
import { pgUniquePkBlocking } from './pg-unique-pk-blocking.js';
import { pgUnqualifiedName } from './pg-unqualified-name.js';
import { pgVacuumFullCluster } from './pg-vacuum-full-cluster.js';
import { pgValidateSameTx } from './pg-validate-same-tx.js';
import { pgVarcharLimit } from './pg-varchar-limit.js';
import { pgVersionFeature } from './pg-version-feature.js';
import { pgVolatileDefault } from './pg-volatile-default.js';
import { redundantIndex } from './redundant-index.js';
import { renameColumn } from './rename-column.js';
import { renameObject } from './rename-object.js';
import { renameTable } from './rename-table.js';
import { replaceViewOrRoutine } from './replace-view-or-routine.js';
import { revoke } from './revoke.js';
import { setNotNull } from './set-not-null.js';
import { tableWithoutPk } from './table-without-pk.js';
import { tooManyIndexes } from './too-many-indexes.js';
import { truncate } from './truncate.js';
import { txControlInScript } from './tx-control-in-script.js';
import { unparsableStatement } from './unparsable-statement.js';
import { updateWithoutWhere } from './update-without-where.js';
import { wideIndex } from './wide-index.js';

/** Every rule, in the order in which findings of one place are told. */
export const rules: readonly ScriptRule[] = [
  dropTable,
  dropColumn,
  dropSchema,
  dropDatabase,
  dropOwned,
  dropView,
  replaceViewOrRoutine,
  dropRoutine,
  dropTrigger,
  changeTrigger,
  dropType,
  dropSequence,
  dropExtension,
  dropIndex,
  dropUniqueIndex,
  pgDropIndexNotConcurrent,
  pgDropCascade,
  truncate,
  pgTruncateCascade,
  deleteWithoutWhere,
  updateWithoutWhere,
  backfillUnbatched,
  backfillNoIndexOnKey,
  backfillInDdlTx,
  renameTable,
  renameColumn,
  renameObject,
  moveSchema,
  pgTypeRewrite,
  narrowType,
  lossyType,
  changeTypeClientVisible,
  changeCollation,
  pgTableRewrite,
  pgVolatileDefault,
  pgStoredGenerated,
  pgAddIdentity,
  pgDomainConstraint,
  addRequiredColumn,
  setNotNull,
  pgSetNotNullScan,
  dropNotNull,
  dropDefault,
  changeDefault,
  changeIdentity,
  changeGeneratedExpression,
  dropGenerated,
  changeSequence,
  addUnique,
  pgUniquePkBlocking,
  addCheck,
  addFk,
  addExclusion,
  pgExclusionBlocking,
  pgConstraintNotValid,
  pgValidateSameTx,
  dropConstraint,
  dropFk,
  fkOnDeleteCascade,
  pgIndexNotConcurrent,
  pgConcurrentlyPartitioned,
  pgConcurrentlyInTx,
  pgCicBug14,
  pgReindexNotConcurrent,
  pgVacuumFullCluster,
  pgRefreshNotConcurrent,
  pgDetachNotConcurrent,
  detachPartition,
  pgCreatePartitionOf,
  pgAttachPartitionScan,
  enumAddValue,
  pgEnumAppendOrder,
  enumRenameValue,
  pgEnumValueSameTx,
  revoke,
  changeRlsPolicy,
  enableRls,
  disableRls,
  forceRls,
  disableTrigger,
  changeOwner,
  changeReplicationIdentity,
  changeCompositeType,
  crossDbReference,
  pgUnqualifiedName,
  pgVersionFeature,
  pgMissingLockTimeout,
  pgMissingStatementTimeout,
  pgNotIdempotent,
  pgTxNesting,
  txControlInScript,
  dynamicSql,
  unparsableStatement,
  floatForMoney,
  pgCharType,
  pgVarcharLimit,
  pgTimestampWithoutTz,
  pgJsonNotJsonb,
  pgSerial,
  pgIntPk,
  pgColumnAlignment,
  identifierTooLong,
  identifierReserved,
  identifierCase,
  identifierNonAscii,
  namingConvention,
  duplicateIndex,
  redundantIndex,
  wideIndex,
  tooManyIndexes,
  indexOnLowCardinality,
  pgUncommittedTx,
  tableWithoutPk,
  fkWithoutIndex,
  multiChangeSameObject,
  commentMissing,
  mixDdlDml,
];
