/** How patiently something is tried again; all in milliseconds. */
export interface Patience {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Total waiting allowed. */
  readonly budgetMs: number;
}

/**
 * The next wait, doubled each time and jittered down to a half, or undefined when the budget is spent.
 * `random` is between 0 and 1, given in so that the function stays pure.
 */
export const nextWait = (patience: Patience, attempt: number, waitedMs: number, random: number): number | undefined => {
  const full = Math.min(patience.mostMs, patience.firstMs * 2 ** Math.min(attempt, 20));
  const wait = full * (0.5 + random / 2);
  return waitedMs + wait > patience.budgetMs ? undefined : wait;
};
