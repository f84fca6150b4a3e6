import type { Change, ChangeKind } from '@dsem/schema';
import type { Phase } from './plan.js';

/** Places in the order that differ from what the kind of change says. */
export const ranks = {
  detach: 13,
  freeName: 17,
  removeLabels: 28,
  beforeWhole: 31,
  attachKey: 32,
  validate: 40,
  dropReplaced: 41,
  renameReplacement: 42,
  dropRetired: 43,
  dropRelied: 60,
  createChild: 44,
  beforeJoin: 45,
  ownAfterParents: 71,
  attach: 46,
  ownSequence: 11,
  numbering: 25,
} as const;

/** The order of phases (engines.md section 11): what others need comes first, what others used goes last. */
const rankOfKind: { readonly [Kind in ChangeKind]: number } = {
  'drop-view': 0,
  'drop-policy': 0,
  'drop-trigger': 0,
  'drop-routine': 78,
  'attach-partition': ranks.attach,
  'inherit-parent': ranks.attach,
  'detach-partition': ranks.detach,
  'leave-parent': ranks.detach,
  'rename-table': 1,
  'rename-column': 1,
  'create-namespace': 0, // a table may be renamed into it
  'alter-namespace': 2,
  'create-extension': 3,
  'alter-extension': 3,
  'create-type': 4,
  'alter-type': 4,
  'create-sequence': 5,
  'alter-sequence': 6,
  'create-table': 10,
  'drop-foreign-key': 15,
  'drop-check': 16,
  'drop-unique': 16,
  'drop-primary-key': 16,
  'add-column': 20,
  'change-column-type': 25,
  'set-not-null': 25,
  'drop-not-null': 25,
  'set-default': 25,
  'drop-default': 25,
  'change-default': 25,
  'change-identity': 25,
  'change-generated': 25,
  'alter-column': 25,
  'create-index': 30,
  'add-primary-key': 32,
  'add-unique': 32,
  'add-check': 35,
  'add-foreign-key': 36,
  'alter-table': 45,
  'alter-primary-key': 44,
  'alter-unique': 45,
  'alter-foreign-key': 45,
  'alter-check': 45,
  'alter-index': 45,
  'create-routine': 48,
  'alter-routine': 48,
  'create-view': 50,
  'alter-view': 50,
  'create-trigger': 52,
  'alter-trigger': 52,
  'create-policy': 52,
  'alter-policy': 52,
  'create-object': 53,
  'alter-object': 53,
  'create-grant': 54,
  'alter-grant': 54,
  'drop-grant': 54,
  'drop-object': 55,
  'drop-index': 60,
  'drop-column': 70,
  'drop-table': 75,
  'drop-sequence': 80,
  'drop-type': 82,
  'drop-extension': 84,
  'drop-namespace': 86,
};

/** Where a change stands in the order of phases. */
export const rankOf = (change: Change): number => rankOfKind[change.kind];

/** Whether a step makes room for the new version, ends the old one, or does both at once. */
export const phaseOf = (change: Change): Phase => {
  if (change.kind.startsWith('create-') || change.kind.startsWith('add-') || change.kind === 'drop-not-null')
    return 'expand';
  return change.kind.startsWith('drop-') || change.kind === 'set-not-null' ? 'contract' : 'single';
};
