import {
  rolloutCompleted,
  rolloutHalted,
  rolloutRolledBack,
  targetDispatched,
  waveBaking,
  wavePassed,
  waveStarted,
  type Direction,
  type RolloutEvent,
} from '@dsem/events';
import { evolve, type RolloutState, type TargetState } from './rollout-state.js';

/** What every event of a rollout begins with. */
export const ids = (state: RolloutState): { rollout: string; migration: string } => ({
  rollout: state.rollout,
  migration: state.migration,
});

export const targetsOf = (state: RolloutState): readonly TargetState[] => Object.values(state.targets);

const running = (targets: readonly TargetState[]): readonly TargetState[] =>
  targets.filter((target) => target.status === 'running');

const names = (targets: readonly TargetState[]): string[] => targets.map((target) => target.target.environment);

/** The environments whose target is in that status. */
export const environmentsOf = (state: RolloutState, status: TargetState['status']): string[] =>
  names(targetsOf(state).filter((target) => target.status === status));

/** Events one after the other, each decided on the state that the former ones lead to. */
export const chain = (
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

export const dispatch = (state: RolloutState, target: TargetState, direction: Direction): RolloutEvent =>
  targetDispatched.of({
    ...ids(state),
    subject: state.subject,
    wave: target.wave,
    attempt: target.attempts + 1,
    direction,
    target: target.target,
    approval: state.approval,
  });

const ofWave = (state: RolloutState, wave: number): readonly TargetState[] =>
  targetsOf(state).filter((target) => target.wave === wave);

/** How many more targets of a wave may run now, in whichever direction. */
export const freeSlots = (state: RolloutState, wave: number): number =>
  Math.max(0, (state.waves[wave]?.parallel ?? 1) - running(ofWave(state, wave)).length);

/** Dispatches as many of the targets as their waves allow; the others come when a running one reports. */
export const dispatchWhatFits = (
  state: RolloutState,
  targets: readonly TargetState[],
  direction: Direction,
): readonly RolloutEvent[] =>
  state.waves.flatMap((_, wave) =>
    targets
      .filter((target) => target.wave === wave)
      .slice(0, freeSlots(state, wave))
      .map((target) => dispatch(state, target, direction)),
  );

/** Targets that wait for a person: of the waves begun while going forward, of those being taken back otherwise. */
export const stuckTargets = (state: RolloutState): readonly TargetState[] => {
  const stopped = targetsOf(state).filter((target) => target.status === 'failed' || target.status === 'unknown');
  return state.rollingBack.length === 0
    ? stopped.filter((target) => target.wave === state.wave)
    : stopped.filter((t) => t.direction === 'reverse' && state.rollingBack.includes(t.target.environment));
};

/** A rollout in which nothing runs and nothing may start says so, instead of seeming to be under way. */
const haltFor = (state: RolloutState, stuck: readonly TargetState[]): readonly RolloutEvent[] => {
  const cause = stuck.map((target) => `${target.target.environment} is ${target.status}`).join(', ');
  return [rolloutHalted.of({ ...ids(state), cause })];
};

/** The next wave; 0 follows the start. */
export const startWave = (state: RolloutState): readonly RolloutEvent[] => [
  waveStarted.of({ ...ids(state), wave: state.wave + 1 }),
];

/** Ends the current wave: it bakes first when it is to and has not, then the next one starts or the rollout completes. */
export const endWave = (state: RolloutState, now: string): readonly RolloutEvent[] => {
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
  const targets = ofWave(state, state.wave);
  const waiting = targets.filter((target) => target.status === 'waiting');
  if (waiting.length > 0) return dispatchWhatFits(state, waiting, 'forward');
  if (running(targets).length > 0) return [];
  const stuck = stuckTargets(state);
  return stuck.length > 0 ? haltFor(state, stuck) : endWave(state, now);
};

const advanceBackward = (state: RolloutState): readonly RolloutEvent[] => {
  const targets = state.rollingBack.flatMap((name) => state.targets[name] ?? []);
  if (running(targets).some((target) => target.direction === 'forward')) return [];
  const stuck = stuckTargets(state);
  const ended: readonly TargetState['status'][] = ['running', 'rolled-back', 'abandoned'];
  const due = targets.filter((target) => !ended.includes(target.status) && !stuck.includes(target));
  if (due.length > 0) return dispatchWhatFits(state, due, 'reverse');
  if (running(targetsOf(state)).length > 0) return [];
  return stuck.length > 0
    ? haltFor(state, stuck)
    : [rolloutRolledBack.of({ ...ids(state), environments: [...state.rollingBack] })];
};

/** What can start or end now; nothing while paused, halted or over. */
export const advance = (state: RolloutState, now: string): readonly RolloutEvent[] => {
  if (state.status === 'running') return advanceForward(state, now);
  if (state.status === 'rolling-back') return advanceBackward(state);
  return [];
};
