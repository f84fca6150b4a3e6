import type { ExecutionEvent } from '@dsem/events';
import type { Pool } from 'pg';

const upsert = `INSERT INTO target_progress (rollout, environment, attempt, index, of, object, state, problem, begun)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (rollout, environment) DO UPDATE
    SET attempt = $3, index = $4, of = $5, object = $6, state = $7, problem = $8,
      begun = CASE WHEN target_progress.begun IS NULL THEN NULL WHEN $10 THEN $9
        ELSE greatest(target_progress.begun, $9) END
    WHERE target_progress.attempt <= $3
  RETURNING begun`;

const stateOf: { readonly [Type in ExecutionEvent['type']]: string } = {
  ExecutionAccepted: 'accepted',
  ExecutionRefused: 'refused',
  PreflightPassed: 'pre-flight passed',
  PreflightFailed: 'pre-flight failed',
  StepStarted: 'applying',
  StepApplied: 'applied',
  StepAlreadyApplied: 'was applied already',
  StepFailed: 'failed',
  StepUnknown: 'unknown',
  ExecutionCompleted: 'verified',
  ExecutionFailed: 'failed',
};

const problemOf = (event: ExecutionEvent): string | null => {
  if ('cause' in event.data) return event.data.cause;
  return 'why' in event.data ? event.data.why : null;
};

/** How many leading steps of the plan may be in effect, by this event alone, and whether that is the catalogue's word. */
const begunBy = (event: ExecutionEvent): readonly [steps: number, exact: boolean] => {
  if (event.data.direction === 'reverse' || !('index' in event.data)) return [0, false];
  const { index } = event.data;
  // Whom a newer agent has replaced does not know what that one has begun since.
  const undone =
    event.type === 'StepFailed' && event.data.outcome === 'NOT_APPLIED' && event.data.code !== 'STALE_EPOCH';
  return undone ? [index - 1, true] : [index, false];
};

/**
 * Keeps the newest step of each target for progress displays, and how far it has come at most on the way there: so many
 * leading steps of the plan may be in effect. Undefined where that is not known.
 */
export const recordProgress = async (pool: Pool, event: ExecutionEvent): Promise<number | undefined> => {
  const { rollout, environment, attempt } = event.data;
  const step = 'index' in event.data ? event.data : { index: 0, of: 0, object: '' };
  const told = [step.index, step.of, step.object, stateOf[event.type], problemOf(event)];
  const values = [rollout, environment, attempt, ...told, ...begunBy(event)];
  const { rows } = await pool.query<{ begun: number | null }>(upsert, values);
  return rows[0]?.begun ?? undefined;
};

/** Whether its agent has told anything of a rollout in that environment. */
export const hasTold = async (pool: Pool, rollout: string, environment: string): Promise<boolean> => {
  const select = 'SELECT FROM target_progress WHERE rollout = $1 AND environment = $2';
  return (await pool.query(select, [rollout, environment])).rowCount !== 0;
};
