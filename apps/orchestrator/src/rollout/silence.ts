import type { StoredEvent } from '@dsem/event-store';
import type { Direction, RolloutEvent } from '@dsem/events';
import { evolve, initialState } from './rollout-state.js';

/** A target whose agent has not answered for too long: its outcome is unknown. */
export interface SilentTarget {
  readonly environment: string;
  readonly attempt: number;
  readonly direction: Direction;
}

/** A command may wait this long for its agent (see the dispatcher), and may then still run for a while. */
export const silentAfterMs = 25 * 3600 * 1000;

/** The running targets of a rollout that were dispatched too long before `now` (ISO 8601). O(events of the rollout). */
export const silentTargets = (events: readonly StoredEvent[], now: string): readonly SilentTarget[] => {
  const told = events as unknown as readonly (RolloutEvent & { readonly time: string })[];
  const state = told.reduce(evolve, initialState);
  return Object.values(state.targets).flatMap(({ target, status, attempts, direction }) => {
    const { environment } = target;
    const dispatched = told.findLast(
      (event) => event.type === 'TargetDispatched' && event.data.target.environment === environment,
    );
    const late = dispatched !== undefined && Date.parse(now) - Date.parse(dispatched.time) > silentAfterMs;
    return status === 'running' && late ? [{ environment, attempt: attempts, direction }] : [];
  });
};
