export * from './model.js';
export * from './change.js';
export * from './finding.js';
export * from './errors.js';
export * from './ask.js';
export { rolesIn, withGrantsOf, withoutPrivileges } from './access.js';
export {
  ownedIn,
  ownersIn,
  withoutOwners,
  withOwnersNamed,
  withOwnersOn,
  withOwnersOf,
  withOwnersSaidBy,
  withoutStrayOwners,
} from './owner.js';
export { isOwnership, ownership, ownershipOf, unnamedOwner } from './ownership.js';
export { isGrantOn, moveGrant } from './grant-place.js';
export { extensionPath, routinePath, onTablePath, grantPath, engineObjectPath } from './slot.js';
export { equal } from './equal.js';
export { compared, diff } from './diff.js';
export { alterableInPlace } from './diff-parts.js';
export {
  allColumns,
  childrenOf,
  descendantsOf,
  type FindTable,
  inheritedColumns,
  isChildOf,
  mergedColumn,
  parentsOf,
  tableFinder,
} from './inheritance.js';
export { type LikelyRename, likelyRenames, renameAdvice } from './likely-rename.js';
export { moveColumn, moveTable, type Rename } from './rename.js';
export { hintsBetween, type ToldRenames } from './rename-chain.js';
export { declaredRenames, hintsIn, openHints, type RenameHint, withHints } from './rename-hint.js';
export { applyChange, applyChanges, changeKinds } from './apply.js';
export { invert } from './invert.js';
export { canonicalJson, digest, sha256 } from './digest.js';
export { normalizeSchema } from './normalize.js';
export { footprint, footprintDelta, type FootprintDelta, type FootprintPart } from './footprint.js';
export * as build from './builder.js';
export { replacementName, retiredName } from './replacement.js';
export * from './shapes.js';
export { parseDefinition } from './definition.js';
export { checkSize } from './definition-size.js';
export { definitionShape } from './definition-shape.js';
export { checkConsistency, type ConsistencyFacts } from './consistency.js';
export { hardUses, inOrderOf, type Order, orderByNames, Precedence, type ReadUses } from './change-order.js';
export * from './reference.js';
export { apartFromCallers, type ApartFromCallers } from './circle.js';
export { expressionsIn, expressionsOf, mapExpressions, type OnExpression } from './expressions.js';
export type { MergeAnswers } from './merge/answers.js';
export {
  type ConflictKind,
  type MergeConflict,
  type Resolution,
  type Side as MergeSide,
  UnusableResolution,
} from './merge/conflict.js';
export { merge, type Merged, type MergeInput, mergeTaking } from './merge/merge.js';
export { mergeConflictShape, resolutionShape, resolutionsShape } from './merge/shapes.js';
