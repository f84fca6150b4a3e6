import type { Decider } from '@dsem/event-store';
import {
  rollbackTriggered,
  rolloutCancelled,
  rolloutCompleted,
  rolloutHalted,
  rolloutPaused,
  rolloutResumed,
  rolloutRolledBack,
  rolloutStarted,
  targetAbandoned,
  targetDispatched,
  targetFailed,
  targetResolved,
  targetRolledBack,
  targetSucceeded,
  targetUnknown,
  waveBaking,
  wavePassed,
  waveStarted,
  type Direction,
  type RolloutEvent,
} from '@dsem/events';
import { Refusal } from '@dsem/schema';
import { evolve, initialState, type RolloutState, type RolloutStatus, type TargetState } from './rollout-state.js';

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
  | ({ readonly kind: 'fail'; readonly code: string; readonly cause: string } & Reported)
  | ({ readonly kind: 'lose-sight'; readonly cause: string } & Reported)
  | { readonly kind: 'tick'; readonly now: string }
  | { readonly kind: 'pause'; readonly why?: string | undefined }
  | { readonly kind: 'resume'; readonly now: string }
  | { readonly kind: 'halt'; readonly cause: string }
  | {
      readonly kind: 'roll-back';
      readonly why: string;
      readonly environments?: readonly string[] | undefined;
      readonly now: string;
    }
  | { readonly kind: 'retry'; readonly environment: string; readonly now: string }
  | {
      readonly kind: 'resolve';
      readonly environment: string;
      readonly as: 'applied' | 'not-applied';
      readonly evidence: string;
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

const ids = (state: RolloutState): { rollout: string; migration: string } => ({
  rollout: state.rollout,
  migration: state.migration,
});

const targetsOf = (state: RolloutState): readonly TargetState[] => Object.values(state.targets);
const running = (targets: readonly TargetState[]): number => targets.filter((t) => t.status === 'running').length;

/** Events one after the other, each decided on the state that the former ones lead to. */
const chain = (
  state: RolloutState,
  ...deciders: readonly ((state: RolloutState) => readonly RolloutEvent[])[]
): readonly RolloutEvent[] => {
  let current = state;
  const all: RolloutEvent[] = [];
  for (const decider of deciders) {
    const events = decider(current);
    all.push(...events);
    current = events.reduce(evolve, current);
  }
  return all;
};

const dispatch = (state: RolloutState, target: TargetState, direction: Direction): RolloutEvent =>
  targetDispatched.of({
    ...ids(state),
    subject: state.subject,
    wave: target.wave,
    attempt: target.attempts + 1,
    direction,
    target: target.target,
    approval: state.approval,
  });

const startWave = (state: RolloutState): readonly RolloutEvent[] => [
  waveStarted.of({ ...ids(state), wave: state.wave + 1 }),
];

const environmentsOf = (state: RolloutState, status: TargetState['status']): string[] =>
  targetsOf(state)
    .filter((target) => target.status === status)
    .map((target) => target.target.environment);

const endWave = (state: RolloutState, now: string): readonly RolloutEvent[] => {
  const bakeSeconds = state.waves[state.wave]?.bakeSeconds ?? 0;
  if (bakeSeconds > 0 && state.status === 'running') {
    const until = new Date(Date.parse(now) + bakeSeconds * 1000).toISOString();
    return [waveBaking.of({ ...ids(state), wave: state.wave, until })];
  }
  const passed = wavePassed.of({ ...ids(state), wave: state.wave });
  if (state.wave + 1 >= state.waves.length)
    return [passed, rolloutCompleted.of({ ...ids(state), environments: environmentsOf(state, 'succeeded') })];
  return chain(
    state,
    () => [passed],
    startWave,
    (s) => advanceForward(s, now),
  );
};

const advanceForward = (state: RolloutState, now: string): readonly RolloutEvent[] => {
  const targets = targetsOf(state).filter((target) => target.wave === state.wave);
  const free = (state.waves[state.wave]?.parallel ?? 1) - running(targets);
  const waiting = targets.filter((target) => target.status === 'waiting');
  if (waiting.length > 0)
    return waiting.slice(0, Math.max(0, free)).map((target) => dispatch(state, target, 'forward'));
  const done = targets.every((target) => target.status === 'succeeded' || target.status === 'abandoned');
  return done ? endWave(state, now) : [];
};

const advanceBackward = (state: RolloutState): readonly RolloutEvent[] => {
  const targets = state.rollingBack.flatMap((name) => state.targets[name] ?? []);
  if (targets.some((t) => t.status === 'running' && t.direction === 'forward')) return [];
  const due = targets.filter((t) => t.status !== 'rolled-back' && t.status !== 'running' && t.status !== 'abandoned');
  const blocked = due.some((t) => t.direction === 'reverse' && (t.status === 'failed' || t.status === 'unknown'));
  if (due.length > 0 && !blocked) return due.map((target) => dispatch(state, target, 'reverse'));
  if (due.length > 0 || running(targets) > 0) return [];
  return [rolloutRolledBack.of({ ...ids(state), environments: [...state.rollingBack] })];
};

/** What can start or end now; nothing while paused, halted or waiting for a decision. */
const advance = (state: RolloutState, now: string): readonly RolloutEvent[] => {
  if (state.status === 'running') return advanceForward(state, now);
  if (state.status === 'rolling-back') return advanceBackward(state);
  return [];
};

const wentForward = (target: TargetState): boolean =>
  target.attempts > 0 && target.status !== 'rolled-back' && target.status !== 'abandoned';

const triggerRollback = (
  state: RolloutState,
  why: string,
  chosen: readonly TargetState[],
  now: string,
): readonly RolloutEvent[] => {
  const environments = chosen.filter(wentForward).map((target) => target.target.environment);
  if (environments.length === 0)
    throw new RolloutStateConflict('no environment of this rollout holds anything that could be rolled back');
  return chain(
    state,
    () => [rollbackTriggered.of({ ...ids(state), why, environments })],
    (s) => advance(s, now),
  );
};

/** A report for an attempt that is not the running one changes nothing: it was answered before. */
const isCurrent = (state: RolloutState, report: Reported): boolean => {
  const target = state.targets[report.environment];
  return target?.status === 'running' && target.attempts === report.attempt && target.direction === report.direction;
};

const succeed = (
  command: Extract<RolloutCommand, { kind: 'succeed' }>,
  state: RolloutState,
): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, digest, durationMs } = command;
  const event =
    direction === 'forward'
      ? targetSucceeded.of({
          ...ids(state),
          environment,
          attempt,
          direction,
          digest,
          ...(durationMs === undefined ? {} : { durationMs }),
        })
      : targetRolledBack.of({ ...ids(state), environment, attempt, digest });
  return chain(
    state,
    () => [event],
    (s) => advance(s, command.now),
  );
};

const afterFailure = (state: RolloutState, cause: string, reverse: boolean, now: string): readonly RolloutEvent[] => {
  if (state.status === 'rolling-back' && !reverse) return advance(state, now);
  if (!reverse && state.failurePolicy === 'roll-back' && state.status === 'running') {
    const wave = targetsOf(state).filter((target) => target.wave === state.wave);
    return triggerRollback(state, cause, wave, now);
  }
  return state.status === 'halted' ? [] : [rolloutHalted.of({ ...ids(state), cause })];
};

const fail = (command: Extract<RolloutCommand, { kind: 'fail' }>, state: RolloutState): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, code, cause } = command;
  return chain(
    state,
    () => [targetFailed.of({ ...ids(state), environment, attempt, direction, code, cause })],
    (s) => afterFailure(s, `${environment}: ${cause}`, direction === 'reverse', command.now),
  );
};

const loseSight = (
  command: Extract<RolloutCommand, { kind: 'lose-sight' }>,
  state: RolloutState,
): readonly RolloutEvent[] => {
  if (!isCurrent(state, command)) return [];
  const { environment, attempt, direction, cause } = command;
  return [
    targetUnknown.of({ ...ids(state), environment, attempt, direction, cause }),
    rolloutHalted.of({ ...ids(state), cause: `${environment}: the outcome is unknown: ${cause}` }),
  ];
};

const need = (state: RolloutState, what: string, ...allowed: readonly RolloutStatus[]): void => {
  if (!allowed.includes(state.status))
    throw new RolloutStateConflict(`cannot ${what} a rollout that is ${state.status}`);
};

const needTarget = (
  state: RolloutState,
  environment: string,
  ...allowed: readonly TargetState['status'][]
): TargetState => {
  const target = state.targets[environment];
  if (target === undefined) throw new RolloutStateConflict(`${environment} is not part of this rollout`);
  if (!allowed.includes(target.status)) throw new RolloutStateConflict(`${environment} is ${target.status}`);
  return target;
};

const rollBack = (
  command: Extract<RolloutCommand, { kind: 'roll-back' }>,
  state: RolloutState,
): readonly RolloutEvent[] => {
  need(state, 'roll back', 'running', 'baking', 'paused', 'halted', 'completed', 'rolled-back');
  const chosen =
    command.environments === undefined
      ? targetsOf(state)
      : command.environments.map((name) => needTarget(state, name, 'running', 'succeeded', 'failed', 'unknown'));
  return triggerRollback(state, command.why, chosen, command.now);
};

const retry = (command: Extract<RolloutCommand, { kind: 'retry' }>, state: RolloutState): readonly RolloutEvent[] => {
  need(state, 'retry in', 'halted', 'paused', 'running', 'rolling-back');
  const target = needTarget(state, command.environment, 'failed', 'unknown');
  const resumed = state.status === 'halted' || state.status === 'paused';
  if (resumed && target.direction === 'reverse') {
    const why = state.cause ?? 'the rollback was tried again';
    return chain(
      state,
      () => [rollbackTriggered.of({ ...ids(state), why, environments: [...state.rollingBack] })],
      (s) => [dispatch(s, target, 'reverse')],
    );
  }
  return [...(resumed ? [rolloutResumed.of(ids(state))] : []), dispatch(state, target, target.direction)];
};

const resolve = (
  command: Extract<RolloutCommand, { kind: 'resolve' }>,
  state: RolloutState,
): readonly RolloutEvent[] => {
  const { attempts, direction } = needTarget(state, command.environment, 'unknown', 'failed');
  const { environment, as: resolution, evidence } = command;
  return [targetResolved.of({ ...ids(state), environment, attempt: attempts, direction, resolution, evidence })];
};

const decide = (command: RolloutCommand, state: RolloutState): readonly RolloutEvent[] => {
  if (command.kind === 'start') {
    if (state.status !== 'none') return [];
    return chain(
      state,
      () => [rolloutStarted.of(command.rollout)],
      startWave,
      (s) => advance(s, command.now),
    );
  }
  if (state.status === 'none') throw new RolloutStateConflict('the rollout has not started');
  switch (command.kind) {
    case 'succeed':
      return succeed(command, state);
    case 'fail':
      return fail(command, state);
    case 'lose-sight':
      return loseSight(command, state);
    case 'tick':
      return state.status === 'baking' && Date.parse(command.now) >= Date.parse(state.bakeUntil ?? '')
        ? endWave(state, command.now)
        : [];
    case 'pause':
      need(state, 'pause', 'running', 'baking');
      return [rolloutPaused.of({ ...ids(state), ...(command.why === undefined ? {} : { why: command.why }) })];
    case 'resume':
      need(state, 'resume', 'paused', 'halted');
      return chain(
        state,
        () => [rolloutResumed.of(ids(state))],
        (s) => advance(s, command.now),
      );
    case 'halt':
      return state.status === 'running' || state.status === 'baking'
        ? [rolloutHalted.of({ ...ids(state), cause: command.cause })]
        : [];
    case 'roll-back':
      return rollBack(command, state);
    case 'retry':
      return retry(command, state);
    case 'resolve':
      return resolve(command, state);
    case 'abandon':
      needTarget(state, command.environment, 'failed', 'unknown', 'waiting');
      return chain(
        state,
        () => [targetAbandoned.of({ ...ids(state), environment: command.environment, why: command.why })],
        (s) => advance(s, command.now),
      );
    case 'cancel':
      need(state, 'cancel', 'running', 'baking', 'paused', 'halted');
      return [rolloutCancelled.of({ ...ids(state), notStarted: environmentsOf(state, 'waiting') })];
    default:
      return command satisfies never;
  }
};

/** Brings one migration out in waves, and back: reacts to what agents report, never to a clock of its own. */
export const rollout: Decider<RolloutState, RolloutCommand, RolloutEvent> = { initialState, decide, evolve };
