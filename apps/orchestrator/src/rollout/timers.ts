import { setInterval as every } from 'node:timers/promises';
import { handleCommand, type EventMetadata } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { Refusal } from '@dsem/schema';
import { planMigration } from '../migration/planning.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';
import { silentTargets } from './silence.js';

const baked = `SELECT id FROM migrations WHERE bake_until IS NOT NULL AND bake_until <= $1`;
const assessed = `SELECT m.id FROM migrations m
  JOIN assessments a ON a.schema = m.schema AND a.version = m.state->'draft'->>'version'
  WHERE m.status = 'draft' AND $1::text IS NOT NULL`;

const underWay = `SELECT id FROM migrations
  WHERE status IN ('running', 'rolling-back', 'paused', 'halted') AND $1::text IS NOT NULL`;

type Wake = (orchestrator: Orchestrator, id: string, metadata: EventMetadata, now: string) => Promise<unknown>;

const endBaking: Wake = ({ service }, id, metadata, now) =>
  handleCommand(service.store, rollout, streams.rollout(id), { kind: 'tick', now }, { metadata });

const plan: Wake = (orchestrator, id, metadata) => planMigration(orchestrator, id, metadata);

const loseSight: Wake = async ({ service }, id, metadata, now) => {
  const stream = streams.rollout(id);
  for (const silent of silentTargets(await service.store.readStream(stream), now)) {
    const cause = 'its agent has not answered for more than a day';
    await handleCommand(service.store, rollout, stream, { kind: 'lose-sight', cause, now, ...silent }, { metadata });
  }
};

/** What the service does by itself goes on under the request that began the migration. */
const metadataOf = async ({ service }: Orchestrator, id: string): Promise<EventMetadata | undefined> => {
  const [drafted] = await service.store.readStream(streams.migration(id));
  if (drafted === undefined) return undefined;
  const { actor } = drafted.metadata;
  return { ...drafted.metadata, actor: 'service:orchestrator', onBehalfOf: actor, causationId: drafted.id };
};

/** Somebody was faster: what was due when it was looked up is done, or stopped, by now. */
const overtaken = (error: unknown): boolean => error instanceof Refusal && error.code === 'DSEM-4003';

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
      if (!overtaken(error)) onError(error);
    }
  }
};

/** Wakes rollouts whose bake time is over, and plans drafts whose version has been assessed since; each by itself. */
export const tick = async (orchestrator: Orchestrator, onError: (error: unknown) => void): Promise<void> => {
  await sweep(orchestrator, baked, endBaking, onError);
  await sweep(orchestrator, assessed, plan, onError);
};

const repeat = (
  orchestrator: Orchestrator,
  everyMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): void => {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for await (const _ of every(everyMs, undefined, { signal: stop.signal, ref: false })) await work().catch(onError);
  };
  const running = loop().catch((error: unknown) => {
    if (!stop.signal.aborted) onError(error);
  });
  orchestrator.service.onDrain(async () => {
    stop.abort();
    await running;
  });
};

/** Ticks until the service drains; what failed is reported, and the next tick tries again. */
export const startTimers = (orchestrator: Orchestrator, onError: (error: unknown) => void): void => {
  repeat(orchestrator, 250, () => tick(orchestrator, onError), onError);
  repeat(orchestrator, 60_000, () => sweep(orchestrator, underWay, loseSight, onError), onError);
};
