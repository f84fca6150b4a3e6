import { digestShape, engineNameShape, findingShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';
import { lossShape } from './rollout.js';

const idShape = z.string().min(1).max(100);

/** One plan per distinct state to start from; `environments` start there. */
export const plannedFromShape = z.object({
  hash: digestShape,
  from: digestShape,
  to: digestShape,
  fromVersion: z.string().optional(),
  environments: z.array(nameShape),
  steps: z.int().nonnegative(),
  destructive: z.boolean(),
  findings: z.array(findingShape),
  /** What going back destroys, in the order of the steps; absent from plans made before it was worked out. */
  losses: z.array(lossShape).optional(),
});

export const migrationDrafted = defineEvent(
  'MigrationDrafted',
  1,
  z.object({
    migration: idShape,
    subject: nameShape,
    engine: engineNameShape,
    version: z.string(),
    digest: digestShape,
    environments: z.array(nameShape).min(1),
    style: z.enum(['online', 'offline']),
    reason: z.string().optional(),
  }),
);

export const migrationPlanned = defineEvent(
  'MigrationPlanned',
  1,
  z.object({
    migration: idShape,
    subject: nameShape,
    version: z.string(),
    plans: z.array(plannedFromShape),
    approvalsNeeded: z.int().nonnegative(),
    authorMayApprove: z.boolean(),
    approverRoles: z.array(z.string()),
  }),
);

export const planRejected = defineEvent(
  'PlanRejected',
  1,
  z.object({
    migration: idShape,
    subject: nameShape,
    version: z.string(),
    code: z.string(),
    why: z.string(),
    findings: z.array(findingShape),
  }),
);

export const approvalGiven = defineEvent(
  'ApprovalGiven',
  1,
  z.object({ migration: idShape, approver: z.string(), plans: z.array(digestShape), comment: z.string().optional() }),
);

export const approvalVoided = defineEvent(
  'ApprovalVoided',
  1,
  z.object({ migration: idShape, approvers: z.array(z.string()), why: z.string() }),
);

/** Enough approvals for exactly these plans; `approval` is the signed statement (compact JWS) that agents verify. */
export const migrationApproved = defineEvent(
  'MigrationApproved',
  1,
  z.object({
    migration: idShape,
    plans: z.array(digestShape),
    approvers: z.array(z.string()),
    approval: z.string(),
  }),
);

export const migrationRejected = defineEvent(
  'MigrationRejected',
  1,
  z.object({ migration: idShape, by: z.string(), why: z.string() }),
);

export const migrationCancelled = defineEvent(
  'MigrationCancelled',
  1,
  z.object({ migration: idShape, why: z.string().optional() }),
);

/** The migration's rollout began, ended or moved to a stop state: kept here so that one stream tells a migration's story. */
export const rolloutLinked = defineEvent('RolloutLinked', 1, z.object({ migration: idShape, rollout: idShape }));

export type MigrationEvent =
  | EventOf<typeof migrationDrafted>
  | EventOf<typeof migrationPlanned>
  | EventOf<typeof planRejected>
  | EventOf<typeof approvalGiven>
  | EventOf<typeof approvalVoided>
  | EventOf<typeof migrationApproved>
  | EventOf<typeof migrationRejected>
  | EventOf<typeof migrationCancelled>
  | EventOf<typeof rolloutLinked>;
export type PlannedFrom = z.infer<typeof plannedFromShape>;
