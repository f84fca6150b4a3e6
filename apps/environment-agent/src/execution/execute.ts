import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionFailed, type JournalEntry, type Session, StaleEpoch, StatementFailed } from '@dsem/engine';
import type { Plan } from '@dsem/plan';
import { expressionsIn, rolesIn } from '@dsem/schema';
import { nextWait, type Patience } from './backoff.js';
import { applicationName, enter } from './enter.js';
import { type Failpoint, noFailpoint } from './failpoint.js';
import { doneSteps, journalEntry } from './journal.js';
import { type Live, positionOf } from './judge.js';
import {
  type Direction,
  ExecutionAbandoned,
  type ExecutionProgress,
  type ExecutionResult,
  ExecutionStopped,
  type Failure,
} from './outcome.js';
import { preflight } from '../preflight/preflight.js';
import { type DirectedStep, type Route, routeOf } from './route.js';
import { look, runStep, type Stay } from './step.js';

/** How long an execution waits for what; milliseconds. */
export interface Limits {
  /** For another migrator's lock. */
  readonly lockWaitMs: number;
  /** For a statement of an earlier process of the same execution, before it is cancelled. */
  readonly orphanWaitMs: number;
  /** For application transactions that hold a table, per step. */
  readonly blocked: Patience;
  /** For a server that went away, anew after each step. */
  readonly reconnect: Patience;
  /** Transactions older than this are named before the first step; seconds. */
  readonly longTransactionSeconds: number;
}

/** What an agent waits when nothing else is configured. */
export const defaultLimits: Limits = {
  lockWaitMs: 60_000,
  orphanWaitMs: 30_000,
  blocked: { firstMs: 500, mostMs: 10_000, budgetMs: 120_000 },
  reconnect: { firstMs: 200, mostMs: 5000, budgetMs: 120_000 },
  longTransactionSeconds: 30,
};

/** One plan to run in one database, in one direction. */
export interface ExecutionRequest {
  readonly plan: Plan;
  readonly direction: Direction;
  /** Names the journal rows: the same id again is the same execution, resumed. */
  readonly execution: string;
  /** Ids of earlier attempts at the same work. */
  readonly supersedes?: readonly string[];
  readonly subject: string;
  /** The version that the database has when the execution is completed. */
  readonly version: string;
  /** Who executes, for the control table. */
  readonly holder: string;
  readonly lockKey?: string;
  readonly limits?: Partial<Limits>;
  /** Opens a new dedicated session under the given application name. */
  readonly connect: (applicationName: string) => Promise<Session>;
  readonly onEvent?: (event: ExecutionProgress) => void | Promise<void>;
  readonly failpoint?: Failpoint;
  /** Asks to stop between two steps; a statement that runs is not touched. */
  readonly signal?: AbortSignal;
}

/** What outlives a lost connection. */
interface Journey {
  readonly request: ExecutionRequest;
  readonly route: Route;
  readonly limits: Limits;
  readonly started: number;
  readonly announced: Set<string>;
  lastEpoch?: number;
  current?: DirectedStep;
  inEffect: number;
  ran: number;
  waitedMs: number;
  lost: number;
}

const defaultLockKey = 'dsem';

const emit = async (journey: Journey, event: ExecutionProgress): Promise<void> => {
  await journey.request.onEvent?.(event);
};

const failpointOf = ({ request }: Journey): Failpoint => request.failpoint ?? noFailpoint;

const stopIfAsked = ({ request }: Journey): void => {
  if (request.signal?.aborted === true) throw new ExecutionAbandoned();
};

const checkTarget = async (journey: Journey, session: Session): Promise<void> => {
  if (journey.announced.has('preflight')) return;
  const report = preflight({
    facts: await session.preflight(journey.limits.longTransactionSeconds, rolesIn(journey.request.plan.changes)),
    serverVersion: session.serverVersion,
    plannedVersion: journey.request.plan.engineVersion,
    steps: journey.route.steps,
  });
  journey.announced.add('preflight');
  if (report.refusal === undefined) {
    await emit(journey, { type: 'PreflightPassed', checks: report.checks, warnings: report.warnings });
  } else {
    await emit(journey, { type: 'PreflightFailed', ...report.refusal });
    throw new ExecutionStopped(report.refusal.code, report.refusal.why);
  }
};

const settleIn = async (journey: Journey, session: Session): Promise<Stay> => {
  const { request, limits } = journey;
  const lockKey = request.lockKey ?? defaultLockKey;
  const telling = (event: ExecutionProgress): Promise<void> => emit(journey, event);
  const signal = request.signal === undefined ? {} : { signal: request.signal };
  const failpoint = failpointOf(journey);
  const epoch = await enter(session, {
    execution: request.execution,
    supersedes: request.supersedes ?? [],
    holder: request.holder,
    lockKey,
    lockWaitMs: limits.lockWaitMs,
    orphanWaitMs: limits.orphanWaitMs,
    ...(journey.lastEpoch === undefined ? {} : { lastEpoch: journey.lastEpoch }),
    failpoint,
    emit: telling,
    ...signal,
  });
  journey.lastEpoch = epoch;
  const { execution, direction, plan } = request;
  const head = { execution, direction, planHash: plan.hash, epoch };
  const planJournal = await session.journalOfPlan(plan.hash);
  const expressions = expressionsIn(plan.engine, plan.changes);
  return {
    session,
    expressions,
    ...(journey.route.owners !== undefined && { owners: journey.route.owners }),
    head,
    lockKey,
    planJournal,
    blocked: limits.blocked,
    failpoint,
    emit: telling,
    ...signal,
  };
};

const announce = async (journey: Journey, step: DirectedStep): Promise<void> => {
  if (journey.announced.has(step.place.step)) return;
  journey.announced.add(step.place.step);
  await emit(journey, { type: 'StepAlreadyApplied', ...step.place });
};

/**
 * What attempts with this plan left unfinished: those before the last revision came to their end, and say nothing about
 * where the database stands now.
 */
const unfinished = async ({ session, planJournal }: Stay, subject: string): Promise<readonly JournalEntry[]> => {
  const revision = await session.currentRevision(subject);
  const concluded = revision === undefined ? [] : await session.journal(revision.execution);
  const last = Math.max(0, ...concluded.map(({ epoch }) => epoch));
  return planJournal.filter(({ epoch }) => epoch > last);
};

/** Where to begin; a database that is nowhere on the route, and was not left on it, is refused whole. */
const beginAt = async (journey: Journey, stay: Stay, live: Live): Promise<number> => {
  const { route, request } = journey;
  const entries = await stay.session.journal(request.execution);
  const done = doneSteps(entries, stay.head, route.steps);
  const at = positionOf(route, done, live);
  const left = await unfinished(stay, request.subject);
  const untouched = done === 0 && (at === 0 || (at === undefined && left.length === 0));
  if (untouched && live.start !== route.from) {
    const why = `The plan starts from ${route.from}, the database has ${live.start}: it was changed since.`;
    throw new ExecutionStopped(
      'PRECONDITION_DRIFT',
      `${why} Undo what was changed past the product, then retry; if another migration was faster, cancel this one and create it anew.`,
    );
  }
  const start = at ?? done;
  for (const step of route.steps.slice(0, start)) {
    await announce(journey, step);
    if (step.place.index >= done)
      await stay.session.writeJournal(journalEntry(stay.head, step, 'applied', 'found in effect'));
  }
  return start;
};

const refuseIrreversible = (steps: readonly DirectedStep[]): void => {
  const step = steps.find(({ statements }) => statements === null);
  if (step === undefined) return;
  const { step: id, object } = step.place;
  throw new ExecutionStopped(
    'IRREVERSIBLE',
    `Step ${id} on ${object} cannot be reversed: ${step.irreversibleBecause}.`,
  );
};

const takeStep = async (journey: Journey, stay: Stay, step: DirectedStep, live: Live): Promise<Live> => {
  stopIfAsked(journey);
  journey.current = step;
  const start = performance.now();
  await emit(journey, { type: 'StepStarted', ...step.place });
  const result = await runStep(stay, step, live);
  delete journey.current;
  journey.inEffect = step.place.index + 1;
  journey.waitedMs = 0;
  journey.lost = 0;
  if (!result.ran) {
    await announce(journey, step);
    return result.live;
  }
  journey.ran += 1;
  journey.announced.add(step.place.step);
  await emit(journey, { type: 'StepApplied', ...step.place, durationMs: performance.now() - start });
  return result.live;
};

const finish = async (journey: Journey, { session }: Stay, live: Live): Promise<ExecutionResult> => {
  const { route, request } = journey;
  if (live.digest !== route.to) {
    const why = `Every step is in effect, yet the database has ${live.digest} instead of ${route.to}: something else changed.`;
    throw new ExecutionStopped('END_STATE_DIFFERS', why, 'PARTIAL');
  }
  await failpointOf(journey)('agent.before-revision');
  const { subject, version, execution } = request;
  await session.recordRevision({ subject, version, digest: live.digest, execution });
  await failpointOf(journey)('agent.after-revision');
  const durationMs = performance.now() - journey.started;
  await emit(journey, { type: 'ExecutionCompleted', digest: live.digest, durationMs });
  const alreadyApplied = route.steps.length - journey.ran;
  return { status: 'completed', digest: live.digest, applied: journey.ran, alreadyApplied, durationMs };
};

const stayIn = async (journey: Journey, session: Session): Promise<ExecutionResult> => {
  await checkTarget(journey, session);
  const stay = await settleIn(journey, session);
  let live = await look(stay);
  const start = await beginAt(journey, stay, live);
  const rest = journey.route.steps.slice(start);
  refuseIrreversible(rest);
  journey.inEffect = start;
  for (const step of rest) live = await takeStep(journey, stay, step, live);
  return finish(journey, stay, live);
};

const failed = async (journey: Journey, stopped: ExecutionStopped): Promise<ExecutionResult> => {
  const step = journey.current?.place;
  const failure: Failure = {
    code: stopped.code,
    cause: stopped.message,
    outcome: stopped.outcome,
    applied: journey.inEffect,
    ...(step === undefined ? {} : { step: step.step }),
  };
  const { code, cause, outcome } = failure;
  if (step !== undefined) await emit(journey, { type: 'StepFailed', ...step, code, cause, outcome });
  await emit(journey, { type: 'ExecutionFailed', ...failure });
  return { status: 'failed', ...failure };
};

const isLost = (error: unknown): error is Error =>
  error instanceof ConnectionFailed || (error instanceof StatementFailed && error.kind === 'connection-lost');

/** A lost connection is never a failure by itself: the next session asks the catalogue. */
const waitForServer = async (journey: Journey, error: Error): Promise<void> => {
  const place = journey.current?.place;
  if (place !== undefined && journey.lost === 0) {
    await emit(journey, { type: 'StepUnknown', ...place, cause: error.message });
  }
  const wait = nextWait(journey.limits.reconnect, journey.lost, journey.waitedMs, Math.random());
  if (wait === undefined) {
    const outcome = place === undefined ? 'NOT_APPLIED' : 'UNKNOWN';
    throw new ExecutionStopped('UNREACHABLE', error.message, outcome);
  }
  journey.waitedMs += wait;
  journey.lost += 1;
  await sleep(wait, undefined, { signal: journey.request.signal }).catch(() => {
    throw new ExecutionAbandoned();
  });
};

const oneSession = async (journey: Journey): Promise<ExecutionResult | undefined> => {
  let session: Session | undefined;
  try {
    session = await journey.request.connect(applicationName(journey.request.execution));
    return await stayIn(journey, session);
  } catch (error) {
    if (!isLost(error)) throw error;
    await waitForServer(journey, error);
    return undefined;
  } finally {
    await session?.close();
  }
};

const journeyOf = (request: ExecutionRequest): Journey => ({
  request,
  route: routeOf(request.plan, request.direction),
  limits: { ...defaultLimits, ...request.limits },
  started: performance.now(),
  announced: new Set(),
  inEffect: 0,
  ran: 0,
  waitedMs: 0,
  lost: 0,
});

/** Any other refusal of the server outside a step: nothing of the current step was begun. */
const asStopped = (error: unknown): ExecutionStopped | undefined => {
  if (error instanceof ExecutionStopped) return error;
  if (error instanceof StaleEpoch) return new ExecutionStopped('STALE_EPOCH', error.message);
  if (error instanceof StatementFailed) return new ExecutionStopped('STATEMENT_FAILED', error.message);
  return undefined;
};

/**
 * Runs a plan so that each step has effect exactly once, however often processes, connections or servers die on the way:
 * call it again with the same `execution` and it goes on. It ends completed (the live digest is the plan's target),
 * failed with a code and the catalogue's word on the last step, or aborted between two steps.
 */
export const executePlan = async (request: ExecutionRequest): Promise<ExecutionResult> => {
  const journey = journeyOf(request);
  try {
    for (;;) {
      stopIfAsked(journey);
      const result = await oneSession(journey);
      if (result !== undefined) return result;
    }
  } catch (error) {
    if (error instanceof ExecutionAbandoned) {
      await emit(journey, { type: 'ExecutionAborted', applied: journey.inEffect });
      return { status: 'aborted', applied: journey.inEffect };
    }
    const stopped = asStopped(error);
    if (stopped === undefined) throw error;
    return failed(journey, stopped);
  }
};
