import type { EnvironmentPolicy, EnvironmentType } from '@dsem/events';
import { defaultPolicy, type EnvironmentState } from './environment.js';

/** Whether a policy asks for less than another in any respect, so that something may run that could not before. */
export const loosens = (before: EnvironmentPolicy, after: EnvironmentPolicy): boolean =>
  after.approvals < before.approvals ||
  (after.authorMayApprove && !before.authorMayApprove) ||
  (after.allowDestructive && !before.allowDestructive) ||
  (after.validation === 'relaxed' && before.validation === 'strict') ||
  after.approverRoles.some((role) => !before.approverRoles.includes(role));

/** What adding an environment is measured by: its type, and what stood under that name, however long it is retired. */
export const addedLoosely = (
  before: EnvironmentState,
  type: EnvironmentType,
  policy: EnvironmentPolicy,
): { readonly environmentType: EnvironmentType; readonly loosens: boolean } => {
  const guarded = before.type === 'production' || before.type === 'disaster-recovery';
  if (!before.retired || !guarded) return { environmentType: type, loosens: loosens(defaultPolicy(type), policy) };
  return { environmentType: before.type, loosens: type !== before.type || loosens(before.policy, policy) };
};
