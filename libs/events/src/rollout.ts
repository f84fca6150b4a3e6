import { digestShape, nameShape } from '@dsem/schema';
import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.js';

const idShape = z.string().min(1).max(100);
const base = { rollout: idShape, migration: idShape };
const directionShape = z.enum(['forward', 'reverse']);

/** One environment of a wave and the plan that runs there. */
export const targetShape = z.object({
  environment: nameShape,
  plan: digestShape,
  from: digestShape,
  to: digestShape,
  fromVersion: z.string().optional(),
  toVersion: z.string().optional(),
});

export const waveShape = z.object({
  targets: z.array(targetShape).min(1),
  parallel: z.int().min(1).max(10),
  bakeSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400),
});

/** What taking one step of a plan back destroys; `step` counts the plan's steps from 0. */
export const lossShape = z.object({ step: z.int().nonnegative(), object: z.string(), rule: z.string() });

/** What taking a rollout back destroys in some of its environments. */
export const lostShape = z.object({
  environments: z.array(nameShape).min(1),
  objects: z.array(lossShape.omit({ step: true })).min(1),
});

export const failurePolicyShape = z.enum(['halt', 'roll-back']);

/** `forward` brings a migration out; `reverse` takes it back, with the same protocol. */
export const rolloutStarted = defineEvent(
  'RolloutStarted',
  1,
  z.object({
    ...base,
    subject: nameShape,
    direction: directionShape,
    waves: z.array(waveShape).min(1),
    failurePolicy: failurePolicyShape,
    approval: z.string(),
    /** By plan; a plan that is absent was made before losses were worked out, so that going back may destroy anything. */
    losses: z.record(digestShape, z.array(lossShape)).optional(),
  }),
);

export const waveStarted = defineEvent('WaveStarted', 1, z.object({ ...base, wave: z.int() }));

/** The agent of one environment is asked to run one plan; `attempt` starts at 1. */
export const targetDispatched = defineEvent(
  'TargetDispatched',
  1,
  z.object({
    ...base,
    subject: nameShape,
    wave: z.int(),
    attempt: z.int().positive(),
    direction: directionShape,
    target: targetShape,
    approval: z.string(),
  }),
);

export const targetSucceeded = defineEvent(
  'TargetSucceeded',
  1,
  z.object({
    ...base,
    environment: nameShape,
    attempt: z.int(),
    direction: directionShape,
    digest: digestShape,
    durationMs: z.number().optional(),
  }),
);

export const targetFailed = defineEvent(
  'TargetFailed',
  1,
  z.object({
    ...base,
    environment: nameShape,
    attempt: z.int(),
    direction: directionShape,
    code: z.string(),
    cause: z.string(),
    /** Leading steps of the plan that may be in effect, as its agent told; absent where nobody can tell. */
    begun: z.int().nonnegative().optional(),
  }),
);

/** The outcome could not be settled by probes: a person decides. */
export const targetUnknown = defineEvent(
  'TargetUnknown',
  1,
  z.object({ ...base, environment: nameShape, attempt: z.int(), direction: directionShape, cause: z.string() }),
);

export const targetRolledBack = defineEvent(
  'TargetRolledBack',
  1,
  z.object({ ...base, environment: nameShape, attempt: z.int(), digest: digestShape }),
);

export const targetAbandoned = defineEvent(
  'TargetAbandoned',
  1,
  z.object({ ...base, environment: nameShape, why: z.string() }),
);

/** A person settled what probes could not. */
export const targetResolved = defineEvent(
  'TargetResolved',
  1,
  z.object({
    ...base,
    environment: nameShape,
    attempt: z.int(),
    direction: directionShape,
    resolution: z.enum(['applied', 'not-applied']),
    evidence: z.string(),
  }),
);

export const waveBaking = defineEvent('WaveBaking', 1, z.object({ ...base, wave: z.int(), until: z.string() }));
export const wavePassed = defineEvent('WavePassed', 1, z.object({ ...base, wave: z.int() }));
export const rolloutPaused = defineEvent('RolloutPaused', 1, z.object({ ...base, why: z.string().optional() }));
export const rolloutResumed = defineEvent('RolloutResumed', 1, z.object({ ...base }));

/** `losses`: what the way back that its failure policy asks for would destroy, so that a person decides. */
export const rolloutHalted = defineEvent(
  'RolloutHalted',
  1,
  z.object({ ...base, cause: z.string(), losses: z.array(lostShape).optional() }),
);

/** `acceptedLosses`: what it destroys, accepted by the actor of the event. */
export const rollbackTriggered = defineEvent(
  'RollbackTriggered',
  1,
  z.object({
    ...base,
    why: z.string(),
    environments: z.array(nameShape),
    acceptedLosses: z.array(lostShape).optional(),
  }),
);

export const rolloutRolledBack = defineEvent(
  'RolloutRolledBack',
  1,
  z.object({ ...base, environments: z.array(nameShape) }),
);
export const rolloutCompleted = defineEvent(
  'RolloutCompleted',
  1,
  z.object({ ...base, environments: z.array(nameShape) }),
);
export const rolloutCancelled = defineEvent(
  'RolloutCancelled',
  1,
  z.object({ ...base, notStarted: z.array(nameShape) }),
);

export type RolloutEvent =
  | EventOf<typeof rolloutStarted>
  | EventOf<typeof waveStarted>
  | EventOf<typeof targetDispatched>
  | EventOf<typeof targetSucceeded>
  | EventOf<typeof targetFailed>
  | EventOf<typeof targetUnknown>
  | EventOf<typeof targetRolledBack>
  | EventOf<typeof targetAbandoned>
  | EventOf<typeof targetResolved>
  | EventOf<typeof waveBaking>
  | EventOf<typeof wavePassed>
  | EventOf<typeof rolloutPaused>
  | EventOf<typeof rolloutResumed>
  | EventOf<typeof rolloutHalted>
  | EventOf<typeof rollbackTriggered>
  | EventOf<typeof rolloutRolledBack>
  | EventOf<typeof rolloutCompleted>
  | EventOf<typeof rolloutCancelled>;
export type Target = z.infer<typeof targetShape>;
export type Wave = z.infer<typeof waveShape>;
export type Loss = z.infer<typeof lossShape>;
export type Lost = z.infer<typeof lostShape>;
export type FailurePolicy = z.infer<typeof failurePolicyShape>;
export type Direction = z.infer<typeof directionShape>;
