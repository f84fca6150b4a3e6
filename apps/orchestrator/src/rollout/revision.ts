import { handleCommand, loadState, type CommandMetadata, type StoredEvent } from '@dsem/event-store';
import { streams, type Direction, type RolloutEvent } from '@dsem/events';
import { environment } from '../environment/environment.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';
import type { RolloutState, TargetState } from './rollout-state.js';

interface Reached {
  readonly state: Pick<RolloutState, 'subject' | 'migration' | 'rollout'>;
  readonly target: Pick<TargetState, 'target'>;
  readonly direction: Direction;
  /** What the database holds now. */
  readonly digest: string;
}

/** Records what an environment holds since a rollout came to its end there, in either direction. */
export const recordRevision = async (
  { service }: Orchestrator,
  { state, target: { target }, direction, digest }: Reached,
  metadata: CommandMetadata,
): Promise<void> => {
  const version = direction === 'forward' ? target.toVersion : target.fromVersion;
  const { subject, migration, rollout: id } = state;
  const revision = {
    environment: target.environment,
    subject,
    ...(version === undefined ? {} : { version }),
    digest,
    migration,
    rollout: id,
    direction,
  };
  const command = { kind: 'record-revision', revision } as const;
  await handleCommand(service.store, environment, streams.environment(target.environment), command, { metadata });
};

/**
 * Records what a person has seen: an environment that was resolved as applied holds what the plan leads to. Once for
 * each event, however often it is told; where nothing was applied the environment holds what it is known to hold.
 */
export const recordResolved = async (orchestrator: Orchestrator, stored: StoredEvent): Promise<void> => {
  const event = stored as unknown as RolloutEvent;
  if (event.type !== 'TargetResolved' || event.data.resolution === 'not-applied') return;
  const { rollout: id, environment: name, direction } = event.data;
  const { state } = await loadState(orchestrator.service.store, rollout, streams.rollout(id));
  const target = state.targets[name];
  if (target === undefined) return;
  const digest = direction === 'forward' ? target.target.to : target.target.from;
  const metadata = { ...stored.metadata, causationId: stored.id, once: true } as const;
  await recordRevision(orchestrator, { state, target, direction, digest }, metadata);
};
