import { setTimeout as sleep } from 'node:timers/promises';
import type { Session, SessionFacts } from '@dsem/engine';
import type { Failpoint } from './failpoint.js';
import { ExecutionAbandoned, type ExecutionProgress, ExecutionStopped } from './outcome.js';

/** What entering a database needs to know. */
export interface Entry {
  readonly execution: string;
  /** Earlier attempts at the same work, whose orphans are ours too. */
  readonly supersedes: readonly string[];
  readonly holder: string;
  readonly lockKey: string;
  readonly lockWaitMs: number;
  readonly orphanWaitMs: number;
  /** The epoch this process held before it lost its connection. */
  readonly lastEpoch?: number;
  readonly failpoint: Failpoint;
  readonly emit: (event: ExecutionProgress) => Promise<void>;
  readonly signal?: AbortSignal;
}

const pollMs = 250;
const longestApplicationName = 63;

/** The session name of an execution, by which its own abandoned sessions are known (63 bytes at most). */
export const applicationName = (execution: string): string => `dsem:${execution}`.slice(0, longestApplicationName);

/** The start of the comment in front of every statement of an execution. */
export const tagPrefix = (execution: string): string => `dsem:${execution}:`;

const executions = (entry: Entry): readonly string[] => [entry.execution, ...entry.supersedes];

const isOurs = (session: SessionFacts, entry: Entry): boolean =>
  executions(entry).some(
    (execution) =>
      session.application === applicationName(execution) || session.query.startsWith(`/* ${tagPrefix(execution)}`),
  );

/** A dead or paused process of ours is ended; a session of anybody else is only waited for. */
const endOwnHolders = async (session: Session, entry: Entry): Promise<void> => {
  const holders = await session.lockHolders(entry.lockKey);
  for (const holder of holders.filter((each) => isOurs(each, entry))) {
    await entry.emit({ type: 'OrphanFound', session: holder.id, query: holder.query, cancelled: true });
    await session.cancelOrphan(holder.id);
    await session.evict(holder.id);
  }
};

const locked = async (session: Session, entry: Entry): Promise<ExecutionStopped> => {
  const holders = await session.lockHolders(entry.lockKey);
  const names = holders.map((each) => `session ${each.id} (${each.application})`).join(', ');
  return new ExecutionStopped('LOCKED', `Another migrator works on this database: ${names || 'it has just ended'}.`);
};

const takeLock = async (session: Session, entry: Entry): Promise<void> => {
  const start = performance.now();
  while (!(await session.tryLock(entry.lockKey, pollMs))) {
    if (entry.signal?.aborted === true) throw new ExecutionAbandoned();
    const waited = performance.now() - start;
    if (waited >= entry.lockWaitMs) throw await locked(session, entry);
    if (waited >= entry.orphanWaitMs) await endOwnHolders(session, entry);
  }
};

const orphansOf = async (session: Session, entry: Entry) =>
  (await Promise.all(executions(entry).map((each) => session.orphans(tagPrefix(each))))).flat();

const stillRunning = (orphans: readonly { readonly id: string }[]): ExecutionStopped => {
  const names = orphans.map(({ id }) => id).join(', ');
  return new ExecutionStopped(
    'LOCKED',
    `Sessions ${names} of an earlier attempt cannot be ended by this role.`,
    'UNKNOWN',
  );
};

/** Nothing is begun while a statement of an earlier process may still change the catalogue. */
const clearOrphans = async (session: Session, entry: Entry): Promise<void> => {
  const start = performance.now();
  for (;;) {
    const orphans = await orphansOf(session, entry);
    if (orphans.length === 0) return;
    if (entry.signal?.aborted === true) throw new ExecutionAbandoned();
    const waited = performance.now() - start;
    if (waited >= entry.orphanWaitMs + entry.lockWaitMs) throw stillRunning(orphans);
    const cancelled = waited >= entry.orphanWaitMs;
    for (const orphan of cancelled ? orphans : []) {
      await entry.emit({ type: 'OrphanFound', session: orphan.id, query: orphan.query, cancelled });
      await session.cancelOrphan(orphan.id);
    }
    await sleep(pollMs);
  }
};

/**
 * Lock, fence and orphan scan, all on the session that will run the statements; the epoch it may write with.
 * @throws ExecutionStopped LOCKED when another migrator does not let go, STALE_EPOCH when one has taken over
 */
export const enter = async (session: Session, entry: Entry): Promise<number> => {
  await session.prepareControl();
  await entry.failpoint('agent.before-lock');
  await takeLock(session, entry);
  await entry.failpoint('agent.after-lock');
  if (entry.lastEpoch !== undefined && !(await session.holdsEpoch(entry.lockKey, entry.lastEpoch))) {
    throw new ExecutionStopped('STALE_EPOCH', 'A newer agent has taken over while the connection was lost.', 'UNKNOWN');
  }
  const epoch = await session.bumpEpoch(entry.lockKey, entry.holder);
  await entry.failpoint('agent.after-epoch');
  await clearOrphans(session, entry);
  await entry.failpoint('agent.after-orphans');
  return epoch;
};
