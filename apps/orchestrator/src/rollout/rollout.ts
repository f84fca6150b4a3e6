import type { Decider } from '@dsem/event-store';
import {
  rollbackTriggered,
  rolloutCancelled,
  rolloutHalted,
  rolloutPaused,
  rolloutResumed,
  rolloutStarted,
  targetAbandoned,
  targetFailed,
  targetResolved,
  targetRolledBack,
  targetSucceeded,
  targetUnknown,
  type Direction,
  type Lost,
  type RolloutEvent,
} from '@dsem/events';
import { Refusal } from '@dsem/schema';
import {
  advance,
  chain,
  dispatch,
  dispatchWhatFits,
  endWave,
  freeSlots,
  ids,
  startWave,
  stuckTargets,
  targetsOf,
} from './advance.js';
import { aboveTold, RollbackUnderNewer, type Above } from './above.js';
import { lossesOf, lossesTold, RollbackLosesData } from './losses.js';
import {
  evolve,
  initialState,
  wentForward,
  type RolloutState,
  type RolloutStatus,
  type TargetState,
} from './rollout-state.js';

type Started = ReturnType<typeof rolloutStarted.of>['data'];

interface Reported {
  readonly environment: string;
  readonly attempt: number;
  readonly direction: Direction;
  /** ISO 8601; only bake times depend on it. */
  readonly now: string;
}

export type RolloutCommand =
  | { readonly kind: 'start'; readonly rollout: Started; readonly now: string }
  | ({ readonly kind: 'succeed'; readonly digest: string; readonly durationMs?: number | undefined } & Reported)
  | ({
      readonly kind: 'fail';
      readonly code: string;
      readonly cause: string;
      /** Leading steps of the plan that may be in effect; undefined where nobody can tell. */
      readonly begun?: number | undefined;
    } & Reported)
  | ({ readonly kind: 'lose-sight'; readonly cause: string } & Reported)
  | { readonly kind: 'tick'; readonly now: string }
  | { readonly kind: 'pause'; readonly why?: string | undefined }
  | { readonly kind: 'resume'; readonly now: string }
  | { readonly kind: 'halt'; readonly cause: string }
  | {
      readonly kind: 'roll-back';
      readonly why: string;
      readonly environments?: readonly string[] | undefined;
      readonly acceptDataLoss?: boolean | undefined;
      /** What has changed databases of this rollout since: it has to be taken back first. */
      readonly above?: Above | undefined;
      readonly now: string;
    }
  | { readonly kind: 'retry'; readonly environment: string; readonly now: string }
  | {
      readonly kind: 'resolve';
      readonly environment: string;
      readonly as: 'applied' | 'not-applied';
      readonly evidence: string;
      /** What has changed databases of this rollout since: what they hold is not for this one to say any more. */
      readonly above?: Above | undefined;
      readonly now: string;
    }
  | { readonly kind: 'abandon'; readonly environment: string; readonly why: string; readonly now: string }
  | { readonly kind: 'cancel' };

/** Thrown when a rollout's state does not allow the command. */
export class RolloutStateConflict extends Refusal {
  readonly code = 'DSEM-4003';
  readonly title = 'The rollout is not in a state that allows this';
  readonly fix = 'Look at the migration with GET /api/v1/migrations/{id}/status; it lists what is allowed next.';
}

type Command<Kind extends RolloutCommand['kind']> = Extract<RolloutCommand, { kind: Kind }>;

const need = (state: RolloutState, what: string, ...allowed: readonly RolloutStatus[]): void => {
  if (!allowed.includes(state.status))
    throw new RolloutStateConflict(`cannot ${what} a rollout that is ${state.status}`);
};

const needTarget = (
  state: RolloutState,
  environment: string,
  ...allowed: readonly TargetState['status'][]
): TargetState => {
  const target = Object.hasOwn(state.targets, environment) ? state.targets[environment] : undefined;
  if (target === undefined) throw new RolloutStateConflict(`${environment} is not part of this rollout`);
  if (!allowed.includes(target.status)) throw new RolloutStateConflict(`${environment} is ${target.status}`);
  return target;
};

const losing = <Key extends string>(key: Key, losses: readonly Lost[]): { readonly [K in Key]?: Lost[] } =>
  losses.length === 0 ? {} : ({ [key]: [...losses] } as { [K in Key]: Lost[] });

/** What of the chosen is to be taken back and destroys something; what is being taken back already was accepted. */
const newLosses = (state: RolloutState, chosen: readonly TargetState[]): readonly Lost[] =>
  lossesOf(
    state,
    chosen.filter((target) => wentForward(target) && !state.rollingBack.includes(target.target.environment)),
  );

/** What was chosen, and what an interrupted rollback has left over, where there is something to take back. */
const toTakeBack = (state: RolloutState, chosen: readonly TargetState[]): readonly string[] =>
  targetsOf(state)
    .filter((target) => chosen.includes(target) || state.rollingBack.includes(target.target.environment))
    .filter(wentForward)
    .map((target) => target.target.environment);

const triggerRollback = (
  state: RolloutState,
  why: string,
  chosen: readonly TargetState[],
  accepted: readonly Lost[],
  now: string,
): readonly RolloutEvent[] => {
  const environments = [...toTakeBack(state, chosen)];
  if (environments.length === 0)
    throw new RolloutStateConflict('no environment of this rollout holds anything that could be rolled back');
  return chain(
    state,
    () => [rollbackTriggered.of({ ...ids(state), why, environments, ...losing('acceptedLosses', accepted) })],
    (s) => dispatchWhatFits(s, stuckTargets(s), 'reverse'),
    (s) => advance(s, now),
  );
};

/** A report for an attempt that is not the running one changes nothing: it was answered before. */
const isCurrent = (state: RolloutState, report: Reported): boolean => {
  const target = state.targets[report.environment];
  return target?.status === 'running' && target.attempts === report.attempt && target.direction === report.direction;
};

const succeed = (command: Command<'succeed'>, state: RolloutState): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, digest, durationMs } = command;
  const ended = { ...ids(state), environment, attempt, digest };
  const took = durationMs === undefined ? {} : { durationMs };
  const event =
    direction === 'forward' ? targetSucceeded.of({ ...ended, direction, ...took }) : targetRolledBack.of(ended);
  return chain(
    state,
    () => [event],
    (s) => advance(s, command.now),
  );
};

/** Stops what is under way; what is over stays over, and the first cause of a halt is the one that is told. */
const haltBecause = (state: RolloutState, cause: string, losses: readonly Lost[] = []): readonly RolloutEvent[] => {
  const underWay: readonly RolloutStatus[] = ['running', 'baking', 'paused', 'rolling-back'];
  if (!underWay.includes(state.status)) return [];
  return [rolloutHalted.of({ ...ids(state), cause, ...losing('losses', losses) })];
};

/** Takes the wave back as its policy says; where that destroys something, nobody but a person says so. */
const takeWaveBack = (state: RolloutState, cause: string, now: string): readonly RolloutEvent[] => {
  const wave = targetsOf(state).filter((target) => target.wave === state.wave);
  const losses = newLosses(state, wave);
  if (losses.length === 0) return triggerRollback(state, cause, wave, [], now);
  const told = `${cause}; its wave is not rolled back by itself, because that would lose data: ${lossesTold(losses)}`;
  return haltBecause(state, `${told}. Roll it back with acceptDataLoss, or retry, resume, abandon or cancel`, losses);
};

const afterFailure = (state: RolloutState, cause: string, reverse: boolean, now: string): readonly RolloutEvent[] => {
  if (state.status === 'rolling-back' && !reverse) return advance(state, now);
  if (!reverse && state.failurePolicy === 'roll-back' && state.status === 'running')
    return takeWaveBack(state, cause, now);
  return haltBecause(state, cause);
};

const fail = (command: Command<'fail'>, state: RolloutState): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, code, cause, begun } = command;
  const reached = begun === undefined ? {} : { begun };
  return chain(
    state,
    () => [targetFailed.of({ ...ids(state), environment, attempt, direction, code, cause, ...reached })],
    (s) => afterFailure(s, `${environment}: ${cause}`, direction === 'reverse', command.now),
  );
};

const loseSight = (command: Command<'lose-sight'>, state: RolloutState): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, cause } = command;
  return [
    targetUnknown.of({ ...ids(state), environment, attempt, direction, cause }),
    ...haltBecause(state, `${environment}: the outcome is unknown: ${cause}`),
  ];
};

const rollBack = (command: Command<'roll-back'>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'roll back', 'running', 'baking', 'paused', 'halted', 'completed', 'rolled-back', 'cancelled');
  const chosen =
    command.environments === undefined
      ? targetsOf(state)
      : command.environments.map((name) => needTarget(state, name, 'running', 'succeeded', 'failed', 'unknown'));
  const taken = toTakeBack(state, chosen);
  const above = new Map([...(command.above ?? [])].filter(([environment]) => taken.includes(environment)));
  if (above.size > 0) throw new RollbackUnderNewer(aboveTold(above));
  const losses = newLosses(state, chosen);
  if (losses.length > 0 && command.acceptDataLoss !== true)
    throw new RollbackLosesData(`taking it back would destroy ${lossesTold(losses)}`);
  return triggerRollback(state, command.why, chosen, losses, command.now);
};

/** Goes on where it stopped: what failed is tried again first, then what waits. */
const resume = (command: Command<'resume'>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'resume', 'paused', 'halted');
  const unknown = stuckTargets(state).find((target) => target.status === 'unknown');
  if (state.status === 'halted' && unknown !== undefined)
    throw new RolloutStateConflict(`the outcome in ${unknown.target.environment} is unknown; resolve it first`);
  const direction = state.rollingBack.length > 0 ? 'reverse' : 'forward';
  const failed = stuckTargets(state).filter((target) => target.status === 'failed');
  return chain(
    state,
    () => [rolloutResumed.of(ids(state))],
    (s) => dispatchWhatFits(s, failed, direction),
    (s) => advance(s, command.now),
  );
};

const retry = (command: Command<'retry'>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'retry in', 'halted', 'paused', 'running', 'rolling-back');
  const target = needTarget(state, command.environment, 'failed', 'unknown');
  const backward = state.rollingBack.length > 0;
  if (backward && !state.rollingBack.includes(command.environment))
    throw new RolloutStateConflict(`${command.environment} cannot go forward while others are being rolled back`);
  if (freeSlots(state, target.wave) === 0)
    throw new RolloutStateConflict(`wave ${target.wave} runs as many as it may; retry when one of them has ended`);
  const stopped = state.status === 'halted' || state.status === 'paused';
  return chain(
    state,
    () => (stopped ? [rolloutResumed.of(ids(state))] : []),
    (s) => [dispatch(s, target, backward ? 'reverse' : 'forward')],
    (s) => advance(s, command.now),
  );
};

const resolve = (command: Command<'resolve'>, state: RolloutState): readonly RolloutEvent[] => {
  const { attempts, direction } = needTarget(state, command.environment, 'unknown', 'failed');
  const { environment, as: resolution, evidence } = command;
  const since = resolution === 'applied' ? (command.above?.get(environment) ?? []) : [];
  const newer = since.filter(({ unfinished }) => unfinished !== true);
  if (newer.length > 0)
    throw new RolloutStateConflict(`${aboveTold(new Map([[environment, newer]]))}; abandon ${environment} instead`);
  return chain(
    state,
    () => [targetResolved.of({ ...ids(state), environment, attempt: attempts, direction, resolution, evidence })],
    (s) => advance(s, command.now),
  );
};

const abandon = (command: Command<'abandon'>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'abandon a target of', 'running', 'baking', 'paused', 'halted', 'rolling-back', 'cancelled');
  const { environment, why } = command;
  const never = state.status === 'cancelled' ? [] : (['waiting'] as const);
  needTarget(state, environment, 'failed', 'unknown', ...never);
  return chain(
    state,
    () => [targetAbandoned.of({ ...ids(state), environment, why })],
    (s) => advance(s, command.now),
  );
};

const pause = (command: Command<'pause'>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'pause', 'running', 'baking');
  return [rolloutPaused.of({ ...ids(state), ...(command.why === undefined ? {} : { why: command.why }) })];
};

const cancel = (state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'cancel', 'running', 'baking', 'paused', 'halted');
  const never = targetsOf(state).filter((target) => target.status === 'waiting' && target.attempts === 0);
  return [rolloutCancelled.of({ ...ids(state), notStarted: never.map((target) => target.target.environment) })];
};

const tick = (command: Command<'tick'>, state: RolloutState): readonly RolloutEvent[] =>
  state.status === 'baking' && Date.parse(command.now) >= Date.parse(state.bakeUntil ?? '')
    ? endWave(state, command.now)
    : [];

const start = (command: Command<'start'>, state: RolloutState): readonly RolloutEvent[] =>
  state.status !== 'none'
    ? []
    : chain(
        state,
        () => [rolloutStarted.of(command.rollout)],
        startWave,
        (s) => advance(s, command.now),
      );

/** Whoever can write to the bus can report anything: what nobody waits for changes nothing. */
const isReport = ({ kind }: RolloutCommand): boolean => ['succeed', 'fail', 'lose-sight'].includes(kind);

const decide = (command: RolloutCommand, state: RolloutState): readonly RolloutEvent[] => {
  if (command.kind === 'start') return start(command, state);
  if (state.status === 'none' && !isReport(command)) throw new RolloutStateConflict('the rollout has not started');
  switch (command.kind) {
    case 'succeed':
      return succeed(command, state);
    case 'fail':
      return fail(command, state);
    case 'lose-sight':
      return loseSight(command, state);
    case 'tick':
      return tick(command, state);
    case 'pause':
      return pause(command, state);
    case 'resume':
      return resume(command, state);
    case 'halt':
      return state.status === 'running' || state.status === 'baking' ? haltBecause(state, command.cause) : [];
    case 'roll-back':
      return rollBack(command, state);
    case 'retry':
      return retry(command, state);
    case 'resolve':
      return resolve(command, state);
    case 'abandon':
      return abandon(command, state);
    case 'cancel':
      return cancel(state);
    default:
      return command satisfies never;
  }
};

/** Brings one migration out in waves, and back: reacts to what agents report, never to a clock of its own. */
export const rollout: Decider<RolloutState, RolloutCommand, RolloutEvent> = { initialState, decide, evolve };
