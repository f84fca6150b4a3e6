import type { Operation, Recipe } from '../operation.js';

/** Operations that the dialect binds to each other become one step. O(operations). */
export const withBundles = (operations: readonly Operation[], { dialect }: Recipe): readonly Operation[] =>
  operations.map((one) => {
    const bundle = one.together === undefined ? dialect.bundle?.(one.rendered) : undefined;
    return bundle === undefined ? one : { ...one, together: bundle };
  });
