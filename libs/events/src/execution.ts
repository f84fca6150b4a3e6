import { canonicalJson, digestShape, findingShape, nameShape, sha256 } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

const idShape = z.string().min(1).max(300);
const base = {
  execution: idShape,
  rollout: z.string(),
  migration: z.string(),
  environment: nameShape,
  attempt: z.int().positive(),
  direction: z.enum(['forward', 'reverse']),
};
const outcomeShape = z.enum(['NOT_APPLIED', 'PARTIAL', 'UNKNOWN']);
const step = { ...base, step: z.string(), index: z.int(), of: z.int(), object: z.string() };

/** The command on `agent.commands`: run one plan in one environment. The same id twice is one execution. */
export const executePlan = defineEvent(
  'ExecutePlan',
  1,
  z.object({
    ...base,
    subject: nameShape,
    plan: digestShape,
    from: digestShape,
    to: digestShape,
    toVersion: z.string().optional(),
    /** Compact JWS of the approval, verified by the agent itself. */
    approval: z.string(),
    /** ISO 8601; a command that is first seen later is refused. */
    expires: z.string(),
    /** Compact JWS of the orchestrator over all that is asked here; agents refuse a command without it. */
    order: z.string().optional(),
  }),
);

export const executionAccepted = defineEvent('ExecutionAccepted', 1, z.object({ ...base, plan: digestShape }));
export const executionRefused = defineEvent(
  'ExecutionRefused',
  1,
  z.object({
    ...base,
    code: z.string(),
    why: z.string(),
    /** What was refused as not the orchestrator's own: anybody may have sent it, under the id of a genuine execution. */
    command: digestShape.optional(),
  }),
);
/** Tells one command from others by every word of it, as `ExecutionRefused` names it. */
export const commandDigest = (data: unknown): string => `sha256:${sha256(canonicalJson(data))}`;
export const preflightPassed = defineEvent('PreflightPassed', 1, z.object({ ...base, checks: z.array(z.string()) }));
export const preflightFailed = defineEvent(
  'PreflightFailed',
  1,
  z.object({ ...base, code: z.string(), why: z.string(), findings: z.array(findingShape).optional() }),
);
export const stepStarted = defineEvent('StepStarted', 1, z.object(step));
export const stepApplied = defineEvent('StepApplied', 1, z.object({ ...step, durationMs: z.number() }));
export const stepAlreadyApplied = defineEvent('StepAlreadyApplied', 1, z.object(step));
/** `outcome` is what the catalogue says about this step; absent from agents that tell it not yet. */
export const stepFailed = defineEvent(
  'StepFailed',
  1,
  z.object({ ...step, code: z.string(), cause: z.string(), outcome: outcomeShape.optional() }),
);
export const stepUnknown = defineEvent('StepUnknown', 1, z.object({ ...step, cause: z.string() }));
export const executionCompleted = defineEvent(
  'ExecutionCompleted',
  1,
  z.object({ ...base, digest: digestShape, durationMs: z.number() }),
);
/** `outcome` is what the catalogue says about the step that ended it. */
export const executionFailed = defineEvent(
  'ExecutionFailed',
  1,
  z.object({
    ...base,
    code: z.string(),
    cause: z.string(),
    outcome: outcomeShape,
    applied: z.int().nonnegative(),
  }),
);

/** What waits at an agent because it could not be handled: how much, and the oldest of it without its body. */
const waiting = z.object({
  total: z.int().nonnegative(),
  oldest: z.array(z.object({ id: z.string(), topic: z.string(), key: z.string(), cause: z.string(), at: z.string() })),
});

/** Telemetry, not an event of an aggregate: an agent says that it is there. */
export const agentHeartbeat = defineEvent(
  'AgentHeartbeat',
  1,
  z.object({
    agent: nameShape,
    environments: z.array(
      z.object({
        environment: nameShape,
        reachable: z.boolean(),
        serverVersion: z.string().optional(),
        digest: digestShape.optional(),
        latencyMs: z.number().optional(),
        problem: z.string().optional(),
      }),
    ),
    /** Absent where it cannot be told now, and from agents that tell it not yet. */
    deadLetters: waiting.optional(),
  }),
);

export type ExecutePlan = EventOf<typeof executePlan>;
export type ExecutionEvent =
  | EventOf<typeof executionAccepted>
  | EventOf<typeof executionRefused>
  | EventOf<typeof preflightPassed>
  | EventOf<typeof preflightFailed>
  | EventOf<typeof stepStarted>
  | EventOf<typeof stepApplied>
  | EventOf<typeof stepAlreadyApplied>
  | EventOf<typeof stepFailed>
  | EventOf<typeof stepUnknown>
  | EventOf<typeof executionCompleted>
  | EventOf<typeof executionFailed>;
