import type { Rule } from '../rule.js';
import { addCheck } from './add-check.js';
import { addExclusion } from './add-exclusion.js';
import { addForeignKey } from './add-fk.js';
import { addRequiredColumn } from './add-required-column.js';
import { addUnique } from './add-unique.js';
import { attachPartition } from './attach-partition.js';
import { changeCollation } from './change-collation.js';
import { changeDefault } from './change-default.js';
import { changeEventTrigger } from './change-event-trigger.js';
import { changeForeignAccess } from './change-foreign-access.js';
import { changeForeignKeyAction } from './change-fk-action.js';
import { changeGeneratedExpression } from './change-generated-expression.js';
import { changeIdentity } from './change-identity.js';
import { changeOperator } from './change-operator.js';
import { changeOwner } from './change-owner.js';
import { changePartitionKey } from './change-partition-key.js';
import { changePrimaryKey } from './change-primary-key.js';
import { changePublication } from './change-publication.js';
import { changeRlsPolicy } from './change-rls-policy.js';
import { changeSequence } from './change-sequence.js';
import { changeStatistics } from './change-statistics.js';
import { changeTextSearch } from './change-text-search.js';
import { changeTrigger } from './change-trigger.js';
import { changeTypeClientVisible } from './change-type-client-visible.js';
import { changeTypeDefinition } from './change-type-definition.js';
import { detachPartition } from './detach-partition.js';
import { disableRowSecurity } from './disable-rls.js';
import { dropColumn } from './drop-column.js';
import { dropConstraint } from './drop-constraint.js';
import { dropDefault } from './drop-default.js';
import { dropExtension } from './drop-extension.js';
import { dropForeignKey } from './drop-fk.js';
import { dropIndex } from './drop-index.js';
import { dropNotNull } from './drop-not-null.js';
import { dropObject } from './drop-object.js';
import { dropRoutine } from './drop-routine.js';
import { dropSchema } from './drop-schema.js';
import { dropSequence } from './drop-sequence.js';
import { dropStatistics } from './drop-statistics.js';
import { dropTable } from './drop-table.js';
import { dropTrigger } from './drop-trigger.js';
import { dropType } from './drop-type.js';
import { dropUniqueIndex } from './drop-unique-index.js';
import { dropView } from './drop-view.js';
import { enableRowSecurity } from './enable-rls.js';
import { enumAddValue } from './enum-add-value.js';
import { enumRemoveValue } from './enum-remove-value.js';
import { enumRenameValue } from './enum-rename-value.js';
import { enumReorder } from './enum-reorder.js';
import { forceRowSecurity } from './force-rls.js';
import { indexToUnique } from './index-to-unique.js';
import { likelyRename } from './likely-rename.js';
import { lossyType } from './lossy-type.js';
import { narrowType } from './narrow-type.js';
import { renameColumn } from './rename-column.js';
import { renameTable } from './rename-table.js';
import { replaceViewOrRoutine } from './replace-view-or-routine.js';
import { revoke } from './revoke.js';
import { setNotNull } from './set-not-null.js';
import { widenTypeRewrite } from './widen-type-rewrite.js';

/** Every rule, in the order in which findings are told. */
export const rules: readonly Rule[] = [
  dropSchema,
  dropTable,
  dropColumn,
  renameTable,
  renameColumn,
  narrowType,
  likelyRename,
  lossyType,
  changeTypeClientVisible,
  widenTypeRewrite,
  addRequiredColumn,
  setNotNull,
  dropNotNull,
  changePrimaryKey,
  addUnique,
  indexToUnique,
  addExclusion,
  addCheck,
  addForeignKey,
  dropConstraint,
  dropForeignKey,
  changeForeignKeyAction,
  dropDefault,
  changeDefault,
  changeGeneratedExpression,
  changeIdentity,
  changeSequence,
  changeCollation,
  changeOwner,
  changePartitionKey,
  detachPartition,
  attachPartition,
  changeForeignAccess,
  changeEventTrigger,
  changeOperator,
  changePublication,
  changeTextSearch,
  enumRemoveValue,
  enumRenameValue,
  enumAddValue,
  enumReorder,
  dropIndex,
  dropUniqueIndex,
  dropStatistics,
  changeStatistics,
  dropView,
  dropRoutine,
  dropTrigger,
  dropType,
  dropSequence,
  dropExtension,
  dropObject,
  replaceViewOrRoutine,
  changeTypeDefinition,
  changeTrigger,
  changeRlsPolicy,
  enableRowSecurity,
  disableRowSecurity,
  forceRowSecurity,
  revoke,
];
