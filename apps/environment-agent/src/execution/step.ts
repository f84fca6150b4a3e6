import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FailureKind,
  type JournalEntry,
  learnSpellings,
  respelled,
  type Session,
  StaleEpoch,
  StatementFailed,
} from '@dsem/engine';
import { digest, withOwnersOn } from '@dsem/schema';
import { nextWait, type Patience } from './backoff.js';
import { tagPrefix } from './enter.js';
import type { Failpoint } from './failpoint.js';
import { begun, journalEntry, type JournalHead } from './journal.js';
import { describeDifferences, judge, type Live, liveOf, type Verdict } from './judge.js';
import { ExecutionAbandoned, type ExecutionProgress, ExecutionStopped, type FailureCode } from './outcome.js';
import type { DirectedStep, Route } from './route.js';

/** One stay in a database, from taking the lock to closing the session. */
export interface Stay {
  readonly session: Session;
  /** What the plan wants to stand at each place that it touches. */
  readonly expressions: ReadonlyMap<string, readonly string[]>;
  /** What the start and the end of the plan name the owner of; absent where owners do not count. */
  readonly owners?: NonNullable<Route['owners']>;
  readonly head: JournalHead;
  readonly lockKey: string;
  /** Journal rows of every execution of this plan, as found on entering. */
  readonly planJournal: readonly JournalEntry[];
  readonly blocked: Patience;
  readonly failpoint: Failpoint;
  readonly emit: (event: ExecutionProgress) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** A step that is in effect, and the catalogue that proves it. */
export interface StepResult {
  readonly live: Live;
  /** False when it was in effect before this process came to it. */
  readonly ran: boolean;
}

/**
 * A fresh look at the whole catalogue. Where the server spells an expression of the plan in its own way, that is learnt
 * and kept, so that the state has the digest that was registered. O(schema).
 */
export const look = async ({
  session,
  expressions,
  owners,
}: Pick<Stay, 'session' | 'expressions' | 'owners'>): Promise<Live> => {
  const schema = await session.inspect({ owners: owners !== undefined });
  const learnt = await learnSpellings(schema, expressions, session.spell);
  if (learnt.length > 0) await session.rememberSpellings(learnt);
  const known = respelled(schema, learnt);
  if (owners === undefined) return liveOf(known, digest(known));
  return liveOf(known, digest(withOwnersOn(known, owners.to)), digest(withOwnersOn(known, owners.from)));
};

const codes: { readonly [kind in FailureKind]: FailureCode } = {
  'lock-timeout': 'LOCK_TIMEOUT',
  deadlock: 'LOCK_TIMEOUT',
  'statement-timeout': 'STATEMENT_TIMEOUT',
  'connection-lost': 'UNREACHABLE',
  data: 'DATA',
  privilege: 'PRIVILEGE',
  'read-only': 'READ_ONLY',
  'disk-full': 'DISK_FULL',
  other: 'STATEMENT_FAILED',
};

const notVerified = (verdict: Verdict): ExecutionStopped => {
  const why = verdict.kind === 'partial' ? describeDifferences(verdict.after) : `the step looks ${verdict.kind}`;
  return new ExecutionStopped(
    'NOT_VERIFIED',
    `The statements ran, yet the catalogue does not show it: ${why}.`,
    'PARTIAL',
  );
};

const holdsAfter = (step: DirectedStep, live: Live): boolean => {
  const traceless = Object.keys(step.after.objects).length === 0;
  return traceless || judge(step, live).kind === 'applied';
};

const verified = async (stay: Stay, step: DirectedStep): Promise<Live> => {
  const live = await look(stay);
  if (holdsAfter(step, live)) return live;
  throw notVerified(judge(step, live));
};

interface Work {
  readonly statements: readonly string[];
  readonly transactional: boolean;
  readonly verify?: () => Promise<void>;
  readonly record: JournalEntry;
}

const points = {
  intent: 'agent.after-intent',
  executed: 'agent.after-execute',
  committed: 'agent.after-commit',
} as const;

const perform = ({ session, head, lockKey, failpoint }: Stay, step: DirectedStep, work: Work): Promise<void> =>
  session.apply({
    ...work,
    tag: `${tagPrefix(head.execution)}${step.place.step}:${head.epoch}`,
    timeouts: step.timeouts,
    fence: lockKey,
    intent: journalEntry(head, step, 'intent'),
    at: (point) => failpoint(points[point]),
  });

/** Runs the statements and believes only the catalogue. */
const run = async (stay: Stay, step: DirectedStep, statements: readonly string[]): Promise<Live> => {
  let seen: Live | undefined;
  await perform(stay, step, {
    statements,
    transactional: step.transactional,
    verify: async () => {
      seen = await verified(stay, step);
    },
    record: journalEntry(stay.head, step, 'applied'),
  });
  const live = seen ?? (await verified(stay, step));
  await stay.failpoint('agent.after-verify');
  return live;
};

/** Unfinished indexes are removed only where our own journal says that this plan has begun to build them. */
const cleanDebris = async (stay: Stay, step: DirectedStep, objects: readonly string[]): Promise<void> => {
  const ours = begun([...stay.planJournal, ...(await stay.session.journal(stay.head.execution))], step);
  if (!ours || step.undo === null) {
    const why = `${objects.join(', ')} is unfinished, and the journal does not say that this plan has begun it.`;
    throw new ExecutionStopped('PRECONDITION_DRIFT', why, 'PARTIAL');
  }
  const record = journalEntry(stay.head, step, 'intent', 'unfinished index removed');
  await perform(stay, step, { statements: step.undo, transactional: step.undoTransactional, record });
  await stay.emit({ type: 'DebrisRemoved', ...step.place });
};

const retryable = (error: unknown): error is StatementFailed =>
  error instanceof StatementFailed && (error.kind === 'lock-timeout' || error.kind === 'deadlock');

/** Whoever holds the step's own object, or everybody with locks when nobody does any more. */
const blockersOf = async (stay: Stay, step: DirectedStep) => {
  const all = await stay.session.blockers();
  const { object } = step.place;
  const own = all.filter(({ relations }) => relations.some((each) => object === each || object.startsWith(`${each}.`)));
  return own.length > 0 ? own : all;
};

/** Waits for the next try and tells for whom; undefined when patience is spent. */
const waitForBlockers = async (stay: Stay, step: DirectedStep, attempt: number, waitedMs: number) => {
  const retryInMs = nextWait(stay.blocked, attempt, waitedMs, Math.random());
  if (retryInMs === undefined) return undefined;
  const blockers = await blockersOf(stay, step);
  await stay.emit({ type: 'StepBlocked', ...step.place, retryInMs, blockers });
  await sleep(retryInMs, undefined, { signal: stay.signal }).catch(() => {
    throw new ExecutionAbandoned();
  });
  return retryInMs;
};

const outcomes = { applied: 'PARTIAL', 'not-applied': 'NOT_APPLIED', debris: 'PARTIAL', partial: 'PARTIAL' } as const;

/** What the failure means, told by the catalogue and kept in the journal. */
const stopFor = async (stay: Stay, step: DirectedStep, error: StatementFailed): Promise<ExecutionStopped> => {
  const verdict = judge(step, await look(stay));
  await stay.session.writeJournal(journalEntry(stay.head, step, 'failed', error.message));
  const blockers = retryable(error) ? await blockersOf(stay, step) : [];
  const names = blockers.map((each) => `session ${each.id} (${each.application}) for ${Math.round(each.seconds)} s`);
  const cause = names.length === 0 ? error.message : `${error.message}; in the way: ${names.join(', ')}`;
  return new ExecutionStopped(codes[error.kind], cause, outcomes[verdict.kind]);
};

/** Brings the step from a judged start to effect, or says why not. `undefined` means: look again. */
const advance = async (stay: Stay, step: DirectedStep, live: Live): Promise<StepResult | undefined> => {
  const verdict = judge(step, live);
  await stay.failpoint('agent.after-probe');
  switch (verdict.kind) {
    case 'applied':
      await stay.session.writeJournal(journalEntry(stay.head, step, 'applied', 'found in effect'));
      return { live, ran: false };
    case 'partial':
      throw new ExecutionStopped('PRECONDITION_DRIFT', describeDifferences(verdict.before), 'PARTIAL');
    case 'debris':
      if (verdict.undo) {
        await cleanDebris(stay, step, verdict.objects);
        return undefined;
      }
      return { live: await run(stay, step, step.statements ?? []), ran: true };
    case 'not-applied':
      return { live: await run(stay, step, step.statements ?? []), ran: true };
    default:
      return verdict satisfies never;
  }
};

/**
 * Probe, intent, execute, verify, record, with patience for locks.
 * @throws ExecutionStopped with code and outcome; StatementFailed `connection-lost` when the outcome is not known
 */
export const runStep = async (stay: Stay, step: DirectedStep, seen: Live): Promise<StepResult> => {
  let live = seen;
  let waitedMs = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const result = await advance(stay, step, live);
      if (result !== undefined) return result;
    } catch (error) {
      if (error instanceof StaleEpoch) throw new ExecutionStopped('STALE_EPOCH', error.message);
      if (!(error instanceof StatementFailed) || error.kind === 'connection-lost') throw error;
      const wait = retryable(error) ? await waitForBlockers(stay, step, attempt, waitedMs) : undefined;
      if (wait === undefined) throw await stopFor(stay, step, error);
      waitedMs += wait;
    }
    live = await look(stay);
  }
};
