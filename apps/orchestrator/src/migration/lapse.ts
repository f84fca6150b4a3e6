import type { PlannedFrom } from '@dsem/events';
import type { EnvironmentState } from '../environment/environment.js';
import type { MigrationView } from './migration.view.js';

/** Why what was agreed to does not cover an environment any more. */
export interface Lapse {
  readonly code: 'DSEM-4007' | 'DSEM-4012';
  readonly cause: string;
}

const missing = (
  { state, author }: Pick<MigrationView, 'state' | 'author'>,
  { name, policy }: Pick<EnvironmentState, 'name' | 'policy'>,
): string | undefined => {
  const { approvals, rule } = state;
  const needed = Math.max(rule.needed, policy.approvals);
  if (approvals.length < needed) return `${name} needs ${needed} approval(s), and ${approvals.length} count(s)`;
  if (policy.approvals === 0) return undefined;
  if (!policy.authorMayApprove && approvals.some(({ approver }) => approver === author))
    return `the author approved, which does not count in ${name} any more`;
  const lost = rule.roles.filter((role) => !policy.approverRoles.includes(role));
  return lost.length === 0 ? undefined : `approvals by ${lost.join(', ')} do not count in ${name} any more`;
};

/** Holds what was approved against an environment's present policy: it may have been tightened since. */
export const lapseIn = (
  view: Pick<MigrationView, 'state' | 'author'>,
  { destructive }: Pick<PlannedFrom, 'destructive'>,
  environment: Pick<EnvironmentState, 'name' | 'policy'>,
): Lapse | undefined => {
  const { name, policy } = environment;
  if (destructive && !policy.allowDestructive)
    return { code: 'DSEM-4012', cause: `data would be lost in ${name}, whose policy does not allow that` };
  const cause = missing(view, environment);
  return cause === undefined ? undefined : { code: 'DSEM-4007', cause };
};
