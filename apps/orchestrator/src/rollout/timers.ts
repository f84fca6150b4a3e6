import { setInterval as every } from 'node:timers/promises';
import { handleCommand, type EventMetadata } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { planMigration } from '../migration/planning.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';

const baked = `SELECT id FROM migrations WHERE bake_until IS NOT NULL AND bake_until <= $1`;
const assessed = `SELECT m.id FROM migrations m
  JOIN assessments a ON a.schema = m.schema AND a.version = m.state->'draft'->>'version'
  WHERE m.status = 'draft' AND $1::text IS NOT NULL`;

type Wake = (orchestrator: Orchestrator, id: string, metadata: EventMetadata, now: string) => Promise<unknown>;

const endBaking: Wake = ({ service }, id, metadata, now) =>
  handleCommand(service.store, rollout, streams.rollout(id), { kind: 'tick', now }, { metadata });

const plan: Wake = (orchestrator, id, metadata) => planMigration(orchestrator, id, metadata);

/** What the service does by itself goes on under the request that began the migration. */
const metadataOf = async ({ service }: Orchestrator, id: string): Promise<EventMetadata | undefined> => {
  const [drafted] = await service.store.readStream(streams.migration(id));
  if (drafted === undefined) return undefined;
  const { actor } = drafted.metadata;
  return { ...drafted.metadata, actor: 'service:orchestrator', onBehalfOf: actor, causationId: drafted.id };
};

const sweep = async (
  orchestrator: Orchestrator,
  due: string,
  wake: Wake,
  onError: (error: unknown) => void,
): Promise<void> => {
  const now = orchestrator.service.clock().toISOString();
  const { rows } = await orchestrator.service.pool.query<{ id: string }>(due, [now]);
  for (const { id } of rows) {
    try {
      const metadata = await metadataOf(orchestrator, id);
      if (metadata !== undefined) await wake(orchestrator, id, metadata, now);
    } catch (error) {
      onError(error);
    }
  }
};

/** Wakes rollouts whose bake time is over, and plans drafts whose version has been assessed since; each by itself. */
export const tick = async (orchestrator: Orchestrator, onError: (error: unknown) => void): Promise<void> => {
  await sweep(orchestrator, baked, endBaking, onError);
  await sweep(orchestrator, assessed, plan, onError);
};

/** Ticks until the service drains; what failed is reported, and the next tick tries again. */
export const startTimers = (orchestrator: Orchestrator, onError: (error: unknown) => void): void => {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for await (const _ of every(250, undefined, { signal: stop.signal, ref: false }))
      await tick(orchestrator, onError).catch(onError);
  };
  const running = loop().catch((error: unknown) => {
    if (!stop.signal.aborted) onError(error);
  });
  orchestrator.service.onDrain(async () => {
    stop.abort();
    await running;
  });
};
