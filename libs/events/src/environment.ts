import { digestShape, engineNameShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

export const environmentTypeShape = z.enum(['development', 'staging', 'production', 'disaster-recovery']);

/** What must hold before something runs in an environment. */
export const environmentPolicyShape = z.object({
  /** `relaxed` lets an incompatible version through with a warning; `strict` refuses it. */
  validation: z.enum(['relaxed', 'strict']),
  approvals: z.int().min(0).max(10),
  authorMayApprove: z.boolean(),
  /** Roles whose approval counts. */
  approverRoles: z.array(z.string()).min(1),
  allowDestructive: z.boolean(),
});

export const environmentAdded = defineEvent(
  'EnvironmentAdded',
  1,
  z.object({
    environment: nameShape,
    type: environmentTypeShape,
    engine: engineNameShape,
    region: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    policy: environmentPolicyShape,
  }),
);

export const policyChanged = defineEvent(
  'PolicyChanged',
  1,
  z.object({ environment: nameShape, policy: environmentPolicyShape, reason: z.string().optional() }),
);

/** An agent that serves the environment came up; what it found there is evidence, not judgement. */
export const agentAttached = defineEvent(
  'AgentAttached',
  1,
  z.object({ environment: nameShape, agent: nameShape, serverVersion: z.string().optional() }),
);

/** What the environment's database holds now, proved by its agent. */
export const revisionRecorded = defineEvent(
  'RevisionRecorded',
  1,
  z.object({
    environment: nameShape,
    subject: nameShape,
    /** Absent when the database went back to a state before the first version. */
    version: z.string().optional(),
    digest: digestShape,
    migration: z.string(),
    rollout: z.string(),
    /** Whether the migration came or was taken back; absent in events of before this was told. */
    direction: z.enum(['forward', 'reverse']).optional(),
  }),
);

export const syncRequested = defineEvent(
  'SyncRequested',
  1,
  z.object({ environment: nameShape, subject: nameShape, version: z.string(), migration: z.string() }),
);

/** Starting steps stops in this environment; `values` are what led to it. */
export const breakerOpened = defineEvent(
  'BreakerOpened',
  1,
  z.object({ environment: nameShape, values: z.record(z.string(), z.union([z.number(), z.string()])) }),
);

export const breakerClosed = defineEvent('BreakerClosed', 1, z.object({ environment: nameShape, reason: z.string() }));

export const environmentRetired = defineEvent(
  'EnvironmentRetired',
  1,
  z.object({
    environment: nameShape,
    reason: z.string().optional(),
    /** Whether something needed it still, so that what it holds is kept for when it is added again; absent: nothing did. */
    forced: z.boolean().optional(),
  }),
);

export type EnvironmentEvent =
  | EventOf<typeof environmentAdded>
  | EventOf<typeof policyChanged>
  | EventOf<typeof agentAttached>
  | EventOf<typeof revisionRecorded>
  | EventOf<typeof syncRequested>
  | EventOf<typeof breakerOpened>
  | EventOf<typeof breakerClosed>
  | EventOf<typeof environmentRetired>;
export type EnvironmentType = z.infer<typeof environmentTypeShape>;
export type EnvironmentPolicy = z.infer<typeof environmentPolicyShape>;
