import type { Direction, FailurePolicy, Loss, Lost, RolloutEvent, Target, Wave } from '@dsem/events';

export type TargetStatus = 'waiting' | 'running' | 'succeeded' | 'failed' | 'unknown' | 'rolled-back' | 'abandoned';

export interface TargetState {
  readonly target: Target;
  readonly wave: number;
  readonly status: TargetStatus;
  readonly direction: Direction;
  /** Attempts begun so far, in both directions. */
  readonly attempts: number;
  /** Leading steps of its plan that may be in effect; undefined: any. */
  readonly begun?: number | undefined;
  /** What a person said of its last attempt; what its agent told of that is settled. */
  readonly resolved?: 'applied' | 'not-applied' | undefined;
}

export type RolloutStatus =
  'none' | 'running' | 'baking' | 'paused' | 'halted' | 'rolling-back' | 'rolled-back' | 'completed' | 'cancelled';

export interface RolloutState {
  readonly status: RolloutStatus;
  readonly rollout: string;
  readonly migration: string;
  readonly subject: string;
  readonly waves: readonly Wave[];
  readonly wave: number;
  readonly failurePolicy: FailurePolicy;
  readonly approval: string;
  readonly targets: { readonly [environment: string]: TargetState };
  readonly bakeUntil: string | undefined;
  /** What is being taken back; empty again when all of it is. While it is not, nothing goes forward. */
  readonly rollingBack: readonly string[];
  readonly cause: string | undefined;
  /** What going back destroys, by plan; undefined where it was not worked out. */
  readonly losses: { readonly [plan: string]: readonly Loss[] } | undefined;
  /** What a person is to decide about: the losses of a way back that the failure policy asked for. */
  readonly undecided?: readonly Lost[] | undefined;
}

/** Whether the version may be in this environment, so that there is something to take back. */
export const wentForward = (target: TargetState): boolean =>
  target.attempts > 0 && target.status !== 'rolled-back' && target.status !== 'abandoned';

/** Whether a person has seen that nothing of it is there. */
const isSettled = ({ resolved, direction }: TargetState): boolean =>
  resolved === 'not-applied' && direction === 'forward';

/** Whether some of its steps may be in effect there, which nobody has taken back or settled. */
export const isBegun = (target: TargetState): boolean =>
  wentForward(target) && !(target.status === 'failed' && (target.begun === 0 || isSettled(target)));

export const initialState: RolloutState = {
  status: 'none',
  rollout: '',
  migration: '',
  subject: '',
  waves: [],
  wave: -1,
  failurePolicy: 'halt',
  approval: '',
  targets: {},
  bakeUntil: undefined,
  rollingBack: [],
  cause: undefined,
  losses: undefined,
};

type Started = Extract<RolloutEvent, { type: 'RolloutStarted' }>['data'];

const started = (data: Started): RolloutState => ({
  ...initialState,
  ...data,
  status: 'running',
  targets: Object.fromEntries(
    data.waves.flatMap((wave, index) =>
      wave.targets.map((target) => [
        target.environment,
        { target, wave: index, status: 'waiting', direction: data.direction, attempts: 0 },
      ]),
    ),
  ),
});

const setTarget = (state: RolloutState, environment: string, change: Partial<TargetState>): RolloutState => {
  const known = state.targets[environment];
  return known === undefined
    ? state
    : { ...state, targets: { ...state.targets, [environment]: { ...known, ...change } } };
};

type TargetEvent = Extract<RolloutEvent, { type: `Target${string}` }>;

const isOfTarget = (event: RolloutEvent): event is TargetEvent => event.type.startsWith('Target');

type Resolved = Extract<TargetEvent, { type: 'TargetResolved' }>['data'];

/** Where it stopped because of this, what a person said is why it stands still now. */
const resolved = (state: RolloutState, { environment, direction, resolution, evidence }: Resolved): RolloutState => {
  const applied = direction === 'forward' ? 'succeeded' : 'rolled-back';
  const status = resolution === 'applied' ? applied : 'failed';
  const cause = `${environment} was resolved as ${resolution}: ${evidence}`;
  return {
    ...setTarget(state, environment, { status, resolved: resolution }),
    ...(state.status === 'halted' ? { cause } : {}),
  };
};

const evolveTarget = (state: RolloutState, event: TargetEvent): RolloutState => {
  switch (event.type) {
    case 'TargetDispatched': {
      const { target, attempt, direction } = event.data;
      const running = { status: 'running', attempts: attempt, direction, resolved: undefined } as const;
      return setTarget(state, target.environment, direction === 'forward' ? { ...running, begun: undefined } : running);
    }
    case 'TargetSucceeded':
      return setTarget(state, event.data.environment, { status: 'succeeded' });
    case 'TargetFailed': {
      const { environment, direction, begun } = event.data;
      return setTarget(
        state,
        environment,
        direction === 'forward' ? { status: 'failed', begun } : { status: 'failed' },
      );
    }
    case 'TargetUnknown':
      return setTarget(state, event.data.environment, { status: 'unknown' });
    case 'TargetRolledBack':
      return setTarget(state, event.data.environment, { status: 'rolled-back' });
    case 'TargetAbandoned':
      return setTarget(state, event.data.environment, { status: 'abandoned' });
    case 'TargetResolved':
      return resolved(state, event.data);
    default:
      return event satisfies never;
  }
};

/** Folds one event into the rollout's state. */
export const evolve = (state: RolloutState, event: RolloutEvent): RolloutState => {
  if (isOfTarget(event)) return evolveTarget(state, event);
  switch (event.type) {
    case 'RolloutStarted':
      return started(event.data);
    case 'WaveStarted':
      return { ...state, wave: event.data.wave };
    case 'WaveBaking':
      return { ...state, status: 'baking', bakeUntil: event.data.until };
    case 'WavePassed':
      return { ...state, status: 'running', bakeUntil: undefined };
    case 'RolloutPaused':
      return { ...state, status: 'paused' };
    case 'RolloutResumed':
      return {
        ...state,
        status: state.rollingBack.length > 0 ? 'rolling-back' : 'running',
        cause: undefined,
        undecided: undefined,
      };
    case 'RolloutHalted':
      return { ...state, status: 'halted', cause: event.data.cause, undecided: event.data.losses };
    case 'RollbackTriggered': {
      const { environments, why } = event.data;
      return { ...state, status: 'rolling-back', rollingBack: environments, cause: why, undecided: undefined };
    }
    case 'RolloutRolledBack':
      return { ...state, status: 'rolled-back', rollingBack: [] };
    case 'RolloutCompleted':
      return { ...state, status: 'completed' };
    case 'RolloutCancelled':
      return { ...state, status: 'cancelled' };
    default:
      return event satisfies never;
  }
};
