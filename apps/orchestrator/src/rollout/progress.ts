import type { ExecutionEvent } from '@dsem/events';
import type { Pool } from 'pg';

const upsert = `INSERT INTO target_progress (rollout, environment, attempt, index, of, object, state, problem)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (rollout, environment) DO UPDATE
    SET attempt = $3, index = $4, of = $5, object = $6, state = $7, problem = $8 WHERE target_progress.attempt <= $3`;

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

/** Keeps the newest step of each target: telemetry for progress displays, rebuilt by nothing and needed by no decision. */
export const recordProgress = async (pool: Pool, event: ExecutionEvent): Promise<void> => {
  const { rollout, environment, attempt } = event.data;
  const step = 'index' in event.data ? event.data : { index: 0, of: 0, object: '' };
  const told = [step.index, step.of, step.object, stateOf[event.type], problemOf(event)];
  await pool.query(upsert, [rollout, environment, attempt, ...told]);
};
