import type { compatibilityAssessed } from '@dsem/events';

/** A compatibility mode by name. */
export type Mode = ReturnType<typeof compatibilityAssessed.of>['data']['mode'];

/** The baselines a mode asks for, of all earlier digests oldest first: the last one, or every one. */
export const baselinesOf = (mode: Mode, ancestors: readonly string[]): readonly string[] =>
  mode.endsWith('-transitive') ? ancestors : ancestors.slice(-1);
