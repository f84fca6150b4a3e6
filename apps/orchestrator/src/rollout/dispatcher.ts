import { handleCommand, type EventMetadata, type StoredEvent } from '@dsem/event-store';
import { executePlan, streams, topics, type RolloutEvent } from '@dsem/events';
import { toEnvelope } from '@dsem/messaging';
import { migration } from '../migration/migration.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';

type Dispatched = Extract<RolloutEvent, { type: 'TargetDispatched' }>['data'];

/** An agent that first sees a command later than this after its dispatch refuses it. */
const commandLifeMs = 24 * 3600 * 1000;

const metadataOf = (stored: StoredEvent): EventMetadata => ({
  ...stored.metadata,
  actor: 'service:orchestrator',
  onBehalfOf: stored.metadata.onBehalfOf ?? stored.metadata.actor,
  causationId: stored.id,
});

const commandOf = (stored: StoredEvent, data: Dispatched): StoredEvent => {
  const { target, direction, attempt, rollout: id } = data;
  const [from, to] = direction === 'forward' ? [target.from, target.to] : [target.to, target.from];
  const toVersion = direction === 'forward' ? target.toVersion : target.fromVersion;
  const body = executePlan.of({
    execution: streams.execution(id, target.environment, attempt),
    rollout: id,
    migration: data.migration,
    environment: target.environment,
    attempt,
    direction,
    subject: data.subject,
    plan: target.plan,
    from,
    to,
    ...(toVersion === undefined ? {} : { toVersion }),
    approval: data.approval,
    expires: new Date(Date.parse(stored.time) + commandLifeMs).toISOString(),
  });
  return {
    ...stored,
    ...body,
    id: `${stored.id}:command`,
    stream: streams.environment(target.environment),
    metadata: metadataOf(stored),
  };
};

const halt = async (orchestrator: Orchestrator, stored: StoredEvent, data: Dispatched): Promise<void> => {
  const cause = `the breaker of ${data.target.environment} is open`;
  const { rollout: id, direction, attempt, target } = data;
  const now = orchestrator.service.clock().toISOString();
  const reported = { environment: target.environment, attempt, direction, now };
  const command = { kind: 'fail', code: 'DSEM-4011', cause, ...reported } as const;
  const { store } = orchestrator.service;
  await handleCommand(store, rollout, streams.rollout(id), command, { metadata: metadataOf(stored) });
};

/**
 * Carries out what a rollout decided: sends the agent its command. The command's id is the event's, so sending it
 * again is the same command. An open breaker stops new steps, never a rollback.
 */
export const dispatch = async (orchestrator: Orchestrator, stored: StoredEvent): Promise<void> => {
  const event = stored as unknown as RolloutEvent;
  if (event.type === 'RolloutStarted') {
    const command = { kind: 'link-rollout', rollout: event.data.rollout } as const;
    const { store } = orchestrator.service;
    await handleCommand(store, migration, streams.migration(event.data.migration), command, {
      metadata: metadataOf(stored),
    });
    return;
  }
  if (event.type !== 'TargetDispatched') return;
  const { environment } = event.data.target;
  if (event.data.direction === 'forward' && !orchestrator.breakers.mayStart(environment))
    return halt(orchestrator, stored, event.data);
  const envelope = toEnvelope(commandOf(stored, event.data), 'dsem/orchestrator');
  await orchestrator.service.bus.publish([{ topic: topics.agentCommands, key: environment, envelope }]);
};
