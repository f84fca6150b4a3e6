import { loadState } from '@dsem/event-store';
import { streams, type RolloutEvent } from '@dsem/events';
import { environment } from '../environment/environment.js';
import type { MigrationView } from '../migration/migration.view.js';
import type { Orchestrator } from '../orchestrator.context.js';
import { standingAbove, type Above, type Sent } from './above.js';
import { wentForward } from './rollout-state.js';
import { rollout } from './rollout.js';

/** A rollout with the places of its dispatches in the store, which order them among those of all rollouts. */
const readSent = async ({ service }: Orchestrator, id: string): Promise<Sent> => {
  const sent = new Map<string, bigint>();
  let state = rollout.initialState;
  for (const stored of await service.store.readStream(streams.rollout(id))) {
    const event = stored as unknown as RolloutEvent;
    state = rollout.evolve(state, event);
    if (event.type === 'TargetDispatched' && event.data.direction === 'forward')
      sent.set(event.data.target.environment, stored.position);
  }
  return { rollout: state, sent: (environment) => sent.get(environment) };
};

/**
 * Others that may have begun in one of the environments and not ended: of a read model, which may lag behind, so that
 * those which may be about to start are among them.
 */
const unsettled = `SELECT id FROM migrations WHERE environments && $1 AND id <> $2
  AND (status IN ('awaiting-approval', 'approved') OR EXISTS (
    SELECT FROM jsonb_each(rollout -> 'targets') AS target WHERE target.key = ANY ($1)
      AND target.value ->> 'status' IN ('waiting', 'running', 'failed', 'unknown')))`;

/** What has changed databases of a migration since, by environment: true at this moment. */
export const readAbove = async (orchestrator: Orchestrator, view: Pick<MigrationView, 'rollout'>): Promise<Above> => {
  const targets = Object.values(view.rollout?.targets ?? {}).filter(wentForward);
  if (view.rollout === undefined || targets.length === 0) return new Map();
  const { pool, store } = orchestrator.service;
  const names = targets.map(({ target }) => target.environment);
  const { rows } = await pool.query<{ id: string }>(unsettled, [names, view.rollout.rollout]);
  const others = await Promise.all(rows.map(({ id }) => readSent(orchestrator, id)));
  const own = await readSent(orchestrator, view.rollout.rollout);
  const states = names.map(
    async (name) => [name, (await loadState(store, environment, streams.environment(name))).state] as const,
  );
  return standingAbove(own, new Map(await Promise.all(states)), others);
};
