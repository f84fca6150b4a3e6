/** Repeatable choices. */
export interface Chance {
  readonly below: (limit: number) => number;
  readonly one: <Value>(values: readonly Value[]) => Value;
}

/** Choices that a seed decides (a linear congruential sequence). */
export const chanceOf = (seed: number): Chance => {
  let state = seed;
  const below = (limit: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
  return { below, one: (values) => values[below(values.length)]! };
};
