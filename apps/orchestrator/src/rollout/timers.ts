import { randomUUID } from 'node:crypto';
import { setInterval as every } from 'node:timers/promises';
import { handleCommand } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { Orchestrator } from '../orchestrator.context.js';
import { rollout } from './rollout.js';

const due = `SELECT id FROM migrations WHERE bake_until IS NOT NULL AND bake_until <= $1`;

/** Wakes the rollouts whose bake time is over. */
export const tick = async (orchestrator: Orchestrator): Promise<void> => {
  const { pool, store, clock } = orchestrator.service;
  const now = clock().toISOString();
  const { rows } = await pool.query<{ id: string }>(due, [now]);
  for (const { id } of rows) {
    const causationId = randomUUID();
    const metadata = { tenant: 'default', actor: 'service:orchestrator', correlationId: id, causationId };
    await handleCommand(store, rollout, streams.rollout(id), { kind: 'tick', now }, { metadata });
  }
};

/** Ticks until the service drains; a failed tick is reported and the next one tries again. */
export const startTimers = (orchestrator: Orchestrator, onError: (error: unknown) => void): void => {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for await (const _ of every(500, undefined, { signal: stop.signal, ref: false }))
      await tick(orchestrator).catch(onError);
  };
  const running = loop().catch((error: unknown) => {
    if (!stop.signal.aborted) onError(error);
  });
  orchestrator.service.onDrain(async () => {
    stop.abort();
    await running;
  });
};
