import type { KeyObject } from 'node:crypto';
import { handleCommand, loadState, type EventMetadata, type StoredEvent } from '@dsem/event-store';
import { commandDigest, executePlan, streams, topics, type RolloutEvent } from '@dsem/events';
import { toEnvelope } from '@dsem/messaging';
import { environment } from '../environment/environment.js';
import { occupiedBy } from '../environment/holding.js';
import { voidLapsed } from '../migration/approver-keys.js';
import { signOrder } from '../migration/approval.js';
import { lapseIn } from '../migration/lapse.js';
import { migration } from '../migration/migration.js';
import { readMigration } from '../migration/migration.store.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { aboveTold } from './above.js';
import { hasTold } from './progress.js';
import { readAbove } from './read-above.js';
import { recordResolved } from './revision.js';
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

const commandOf = (stored: StoredEvent, data: Dispatched, key: KeyObject): StoredEvent => {
  const { target, direction, attempt, rollout: id } = data;
  const [from, to] = direction === 'forward' ? [target.from, target.to] : [target.to, target.from];
  const toVersion = direction === 'forward' ? target.toVersion : target.fromVersion;
  const asked = {
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
  };
  const body = executePlan.of({ ...asked, order: signOrder(asked, key) });
  return {
    ...stored,
    ...body,
    id: `${stored.id}:command`,
    stream: streams.environment(target.environment),
    metadata: metadataOf(stored),
  };
};

/** Whether this is what the orchestrator asked for itself, word by word. */
export const isOwnCommand = async (
  { service, approvalKey }: Orchestrator,
  { rollout: id, environment: name, attempt }: { rollout: string; environment: string; attempt: number },
  command: string,
): Promise<boolean> => {
  const told = (await service.store.readStream(streams.rollout(id))).flatMap((stored) => {
    const event = stored as unknown as RolloutEvent;
    return event.type === 'TargetDispatched' ? [{ stored, data: event.data }] : [];
  });
  const asked = told.find(({ data }) => data.target.environment === name && data.attempt === attempt);
  return asked !== undefined && commandDigest(commandOf(asked.stored, asked.data, approvalKey).data) === command;
};

interface Obstacle {
  readonly code: string;
  readonly cause: string;
}

/** Why a step may not start there now: its breaker is open, or what was approved when the rollout began does not hold. */
const obstacle = async (
  orchestrator: Orchestrator,
  stored: StoredEvent,
  { migration: id, target }: Dispatched,
): Promise<Obstacle | undefined> => {
  if (!orchestrator.breakers.mayStart(target.environment))
    return { code: 'DSEM-4011', cause: `the breaker of ${target.environment} is open` };
  const { store } = orchestrator.service;
  const before = await readMigration(orchestrator, id);
  const why = await voidLapsed(orchestrator, before.state, metadataOf(stored));
  const view = why === undefined ? before : await readMigration(orchestrator, id);
  const plan = view.state.plans.find(({ hash }) => hash === target.plan) ?? { destructive: false };
  const { state } = await loadState(store, environment, streams.environment(target.environment));
  const { draft } = view.state;
  const held = draft && occupiedBy(state, draft.subject, draft.engine);
  if (held !== undefined) return { code: 'DSEM-4017', cause: `${held}, another schema` };
  const lapse = lapseIn(view, plan, state);
  return lapse && { code: lapse.code, cause: [why, lapse.cause].filter((each) => each !== undefined).join('; ') };
};

/** Why it may not be taken back there now: what came later would be taken apart. An open breaker does not matter. */
const obstacleBack = async (
  orchestrator: Orchestrator,
  { migration: id, target }: Dispatched,
): Promise<Obstacle | undefined> => {
  const view = await readMigration(orchestrator, id);
  const here = (await readAbove(orchestrator, view)).get(target.environment);
  return here && { code: 'DSEM-4018', cause: aboveTold(new Map([[target.environment, here]])) };
};

const halt = async (
  orchestrator: Orchestrator,
  stored: StoredEvent,
  data: Dispatched,
  { code, cause }: Obstacle,
): Promise<void> => {
  const { rollout: id, direction, attempt, target } = data;
  const now = orchestrator.service.clock().toISOString();
  // What was never sent before has begun nothing; an agent that has told something has it, however often this comes.
  const isNew = direction === 'forward' && attempt === 1;
  const begun = isNew && !(await hasTold(orchestrator.service.pool, id, target.environment)) ? 0 : undefined;
  const reported = { environment: target.environment, attempt, direction, begun, now };
  const command = { kind: 'fail', code, cause, ...reported } as const;
  const { store } = orchestrator.service;
  await handleCommand(store, rollout, streams.rollout(id), command, { metadata: metadataOf(stored) });
};

/**
 * Carries out what a rollout decided: sends the agent its command. The command's id is the event's, so sending it
 * again is the same command. An open breaker or a void approval stops new steps, never a rollback; that is stopped by
 * what came later.
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
  if (event.type === 'TargetResolved') return recordResolved(orchestrator, stored);
  if (event.type !== 'TargetDispatched') return;
  const met = await (event.data.direction === 'forward'
    ? obstacle(orchestrator, stored, event.data)
    : obstacleBack(orchestrator, event.data));
  if (met !== undefined) return halt(orchestrator, stored, event.data, met);
  const envelope = toEnvelope(commandOf(stored, event.data, orchestrator.approvalKey), 'dsem/orchestrator');
  await orchestrator.service.bus.publish([
    { topic: topics.agentCommands, key: event.data.target.environment, envelope },
  ]);
};
