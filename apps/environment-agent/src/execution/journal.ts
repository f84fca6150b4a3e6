import type { JournalEntry } from '@dsem/engine';
import { ExecutionStopped } from './outcome.js';
import type { DirectedStep } from './route.js';

/** What is written about every step of one execution. */
export type JournalHead = Pick<JournalEntry, 'execution' | 'direction' | 'planHash' | 'epoch'>;

/** One row of the journal in the target database. */
export const journalEntry = (
  head: JournalHead,
  step: DirectedStep,
  state: JournalEntry['state'],
  detail?: string,
): JournalEntry => ({
  execution: head.execution,
  step: step.place.step,
  direction: head.direction,
  state,
  planHash: head.planHash,
  epoch: head.epoch,
  ...(detail === undefined ? {} : { detail }),
});

/**
 * How many leading steps the journal says are applied in this direction.
 * @throws ExecutionStopped when the journal of this execution belongs to another plan
 */
export const doneSteps = (
  entries: readonly JournalEntry[],
  head: Pick<JournalHead, 'direction' | 'planHash' | 'execution'>,
  steps: readonly DirectedStep[],
): number => {
  const other = entries.find((entry) => entry.planHash !== head.planHash);
  if (other !== undefined) {
    throw new ExecutionStopped(
      'PLAN_MISMATCH',
      `${head.execution} has begun with plan ${other.planHash} in this database`,
    );
  }
  const applied = new Set(
    entries
      .filter((entry) => entry.direction === head.direction && entry.state === 'applied')
      .map((entry) => entry.step),
  );
  const first = steps.findIndex((step) => !applied.has(step.place.step));
  return first === -1 ? steps.length : first;
};

/** Whether this plan, in whichever execution, has begun this step here: then its debris is ours to clean. */
export const begun = (entries: readonly JournalEntry[], step: DirectedStep): boolean =>
  entries.some((entry) => entry.step === step.place.step);
