import CircuitBreaker from 'opossum';

/** One breaker per environment around starting plans there; an open one halts rollouts, never what already runs. */
export interface Breakers {
  /** Whether something may be started in the environment now. */
  readonly mayStart: (environment: string) => boolean;
  /** Tells the outcome of what was started; true when that opened the breaker. */
  readonly record: (environment: string, failed: boolean) => Promise<boolean>;
  /** After a restart: the breaker is as its environment's events say. */
  readonly restore: (environment: string, open: boolean) => void;
  readonly close: (environment: string) => void;
  /** What the breaker counted, for the event that says why it opened. */
  readonly values: (environment: string) => Readonly<Record<string, number>>;
  readonly shutdown: () => void;
}

export interface BreakerSettings {
  /** Share of failures, in percent, that opens the breaker; default 50. */
  readonly errorThresholdPercentage: number;
  /** Outcomes in the window before the share counts; default 3. */
  readonly volumeThreshold: number;
  /** Length of the window in ms; default ten minutes. */
  readonly rollingCountTimeout: number;
}

const defaults: BreakerSettings = { errorThresholdPercentage: 50, volumeThreshold: 3, rollingCountTimeout: 600_000 };

/** As long as a timer can be; when it ends the breaker opens again. */
const longestTimerMs = 2 ** 31 - 1;

class OutcomeFailed extends Error {}

const outcome = (failed: boolean): Promise<void> => {
  if (failed) return Promise.reject(new OutcomeFailed('a plan failed'));
  return Promise.resolve();
};

/** Breakers that stay open until a person closes them: a schema does not heal by waiting. */
export const circuitBreakers = (settings: Partial<BreakerSettings> = {}): Breakers => {
  const known = new Map<string, CircuitBreaker<[boolean], void>>();
  const of = (environment: string): CircuitBreaker<[boolean], void> => {
    const made =
      known.get(environment) ??
      new CircuitBreaker(outcome, { ...defaults, ...settings, timeout: false, resetTimeout: longestTimerMs });
    if (!known.has(environment)) made.on('halfOpen', () => made.open());
    known.set(environment, made);
    return made;
  };
  return {
    mayStart: (environment) => !of(environment).opened,
    record: async (environment, failed) => {
      const breaker = of(environment);
      const before = breaker.opened;
      await breaker.fire(failed).catch(() => undefined);
      return !before && breaker.opened;
    },
    restore: (environment, open) => {
      if (open) of(environment).open();
    },
    close: (environment) => of(environment).close(),
    values: (environment) => {
      const { failures, successes, fires } = of(environment).stats;
      return { failures, successes, outcomes: fires };
    },
    shutdown: () => known.forEach((breaker) => breaker.shutdown()),
  };
};
