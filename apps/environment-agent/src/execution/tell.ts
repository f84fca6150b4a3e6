import {
  executionCompleted,
  executionFailed,
  preflightFailed,
  preflightPassed,
  stepAlreadyApplied,
  stepApplied,
  stepFailed,
  stepStarted,
  stepUnknown,
  typeName,
  type Envelope,
  type ExecutePlan,
  type ExecutionEvent,
} from '@dsem/events';
import type { Agent } from '../agent.context.js';
import type { ExecutionProgress } from './outcome.js';

type Command = ExecutePlan['data'];

const base = ({ execution, rollout, migration, environment, attempt, direction }: Command) => ({
  execution,
  rollout,
  migration,
  environment,
  attempt,
  direction,
});

/** The event that the control plane hears of a progress; undefined for what only the agent's log tells. */
export const eventOf = (command: Command, progress: ExecutionProgress): ExecutionEvent | undefined => {
  const about = base(command);
  switch (progress.type) {
    case 'PreflightPassed':
      return preflightPassed.of({ ...about, checks: [...progress.checks] });
    case 'PreflightFailed':
      return preflightFailed.of({ ...about, code: progress.code, why: progress.why });
    case 'StepStarted':
      return stepStarted.of({ ...about, ...placeOf(progress) });
    case 'StepApplied':
      return stepApplied.of({ ...about, ...placeOf(progress), durationMs: progress.durationMs });
    case 'StepAlreadyApplied':
      return stepAlreadyApplied.of({ ...about, ...placeOf(progress) });
    case 'StepFailed': {
      const { code, cause, outcome } = progress;
      return stepFailed.of({ ...about, ...placeOf(progress), code, cause, outcome });
    }
    case 'StepUnknown':
      return stepUnknown.of({ ...about, ...placeOf(progress), cause: progress.cause });
    case 'ExecutionCompleted':
      return executionCompleted.of({ ...about, digest: progress.digest, durationMs: progress.durationMs });
    case 'ExecutionFailed': {
      const { code, cause, outcome, applied } = progress;
      return executionFailed.of({ ...about, code, cause, outcome, applied });
    }
    case 'OrphanFound':
    case 'StepBlocked':
    case 'DebrisRemoved':
    case 'ExecutionAborted':
      return undefined;
    default:
      return progress satisfies never;
  }
};

const placeOf = ({ step, index, of, object }: { step: string; index: number; of: number; object: string }) => ({
  step,
  index: index + 1,
  of,
  object,
});

/** Writes an event into the spool, as caused by the command's message; the relay brings it to the bus. */
export const tell = (agent: Agent, command: Envelope, stream: string, event: ExecutionEvent): void =>
  agent.spool.tell(stream, (sequence) => ({
    specversion: '1.0',
    id: agent.newId(),
    source: `dsem/agent/${agent.config.agent}`,
    type: typeName(event.type, event.version),
    subject: stream,
    time: agent.clock().toISOString(),
    datacontenttype: 'application/json',
    sequence,
    tenant: command.tenant,
    actor: `agent:${agent.config.agent}`,
    onbehalfof: command.onbehalfof ?? command.actor,
    correlationid: command.correlationid,
    causationid: command.id,
    ...(command.traceparent === undefined ? {} : { traceparent: command.traceparent }),
    data: event.data,
  }));
