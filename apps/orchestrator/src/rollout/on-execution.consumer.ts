import { handleCommand, loadState, type EventMetadata } from '@dsem/event-store';
import { openEnvelope, streams, topics, type Envelope, type ExecutionEvent } from '@dsem/events';
import type { Delivery } from '@dsem/messaging';
import { heardHeartbeat, type Heartbeat } from '../environment/heartbeat.js';
import { environment } from '../environment/environment.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { isOwnCommand } from './dispatcher.js';
import { recordProgress } from './progress.js';
import { recordRevision } from './revision.js';
import { rollout, type RolloutCommand } from './rollout.js';

type Completed = Extract<ExecutionEvent, { type: 'ExecutionCompleted' }>['data'];
type Ended = Extract<ExecutionEvent, { type: 'ExecutionFailed' | 'ExecutionRefused' | 'PreflightFailed' }>;

/** The metadata of what the orchestrator does because of a message. */
export const causedBy = (envelope: Envelope): EventMetadata => ({
  tenant: envelope.tenant,
  actor: 'service:orchestrator',
  onBehalfOf: envelope.onbehalfof ?? envelope.actor,
  correlationId: envelope.correlationid,
  causationId: envelope.id,
  ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
});

/** Whether the report was waited for. */
const report = async (
  orchestrator: Orchestrator,
  id: string,
  command: RolloutCommand,
  metadata: EventMetadata,
): Promise<boolean> => {
  const { store } = orchestrator.service;
  const { events } = await handleCommand(store, rollout, streams.rollout(id), command, { metadata });
  return events.length > 0;
};

const completed = async (orchestrator: Orchestrator, data: Completed, metadata: EventMetadata): Promise<void> => {
  const { environment: name, attempt, direction, digest, durationMs } = data;
  const now = orchestrator.service.clock().toISOString();
  const { state } = await loadState(orchestrator.service.store, rollout, streams.rollout(data.rollout));
  const target = state.targets[name];
  if (target?.status !== 'running' || target.attempts !== attempt) return;
  await recordRevision(orchestrator, { state, target, direction, digest }, metadata);
  await orchestrator.breakers.record(name, false);
  const command = { kind: 'succeed', environment: name, attempt, direction, digest, durationMs, now } as const;
  await report(orchestrator, data.rollout, command, metadata);
};

const causeOf = (event: Ended): string => (event.type === 'ExecutionFailed' ? event.data.cause : event.data.why);

const ended = async (
  orchestrator: Orchestrator,
  event: Ended,
  begun: number | undefined,
  metadata: EventMetadata,
): Promise<void> => {
  const { environment: name, attempt, direction, code } = event.data;
  const reported = { environment: name, attempt, direction, now: orchestrator.service.clock().toISOString() };
  const cause = causeOf(event);
  const unknown = event.type === 'ExecutionFailed' && event.data.outcome === 'UNKNOWN';
  const command = unknown
    ? ({ kind: 'lose-sight', cause, ...reported } as const)
    : ({ kind: 'fail', code, cause, begun, ...reported } as const);
  if (!(await report(orchestrator, event.data.rollout, command, metadata))) return;
  if (!(await orchestrator.breakers.record(name, true))) return;
  const open = { kind: 'open-breaker', values: orchestrator.breakers.values(name) } as const;
  await handleCommand(orchestrator.service.store, environment, streams.environment(name), open, { metadata });
};

/** An agent that refused what somebody else had sent under the id of an execution says nothing about that execution. */
const isOfAnother = async (orchestrator: Orchestrator, { type, data }: ExecutionEvent): Promise<boolean> =>
  type === 'ExecutionRefused' && data.command !== undefined && !(await isOwnCommand(orchestrator, data, data.command));

const hear = async (orchestrator: Orchestrator, event: ExecutionEvent, metadata: EventMetadata): Promise<void> => {
  if (await isOfAnother(orchestrator, event)) return;
  const begun = await recordProgress(orchestrator.service.pool, event);
  switch (event.type) {
    case 'ExecutionCompleted':
      return completed(orchestrator, event.data, metadata);
    case 'ExecutionFailed':
    case 'ExecutionRefused':
    case 'PreflightFailed':
      return ended(orchestrator, event, begun, metadata);
    case 'ExecutionAccepted':
    case 'PreflightPassed':
    case 'StepStarted':
    case 'StepApplied':
    case 'StepAlreadyApplied':
    case 'StepFailed':
    case 'StepUnknown':
      return;
    default:
      event satisfies never;
  }
};

/** Follows the agents' events. Every reaction is idempotent: a report of an attempt that has ended changes nothing. */
export const startOnExecution = (orchestrator: Orchestrator): Promise<void> =>
  orchestrator.service.subscribe({
    consumer: 'orchestrator-executions',
    topics: [topics.agent],
    handler: async ({ envelope }: Delivery) => {
      const event = openEnvelope(envelope) as ExecutionEvent | Heartbeat;
      const metadata = causedBy(envelope);
      if (event.type === 'AgentHeartbeat') return heardHeartbeat(orchestrator, event.data, metadata);
      await hear(orchestrator, event, metadata);
    },
  });
