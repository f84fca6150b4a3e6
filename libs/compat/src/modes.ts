import type { Actor } from '@dsem/schema';
import type { CompatibilityMode } from './report.js';

/** Backward breaks when what is new fails, forward when what is old fails (engines.md section 9). */
const actorsOf = { backward: ['NR', 'NW'], forward: ['OR', 'OW'] } as const satisfies Record<string, readonly Actor[]>;

/** The actors whose failure makes a version incompatible in a mode. */
export const countedActors = (mode: CompatibilityMode): readonly Actor[] => {
  switch (mode) {
    case 'none':
      return [];
    case 'backward':
    case 'backward-transitive':
      return actorsOf.backward;
    case 'forward':
    case 'forward-transitive':
      return actorsOf.forward;
    case 'full':
    case 'full-transitive':
      return [...actorsOf.backward, ...actorsOf.forward];
    default:
      return mode satisfies never;
  }
};

/** Whether every baseline is compared, not only the newest one. */
export const isTransitive = (mode: CompatibilityMode): boolean => mode.endsWith('-transitive');

/** The modes that a failure of these actors rules out; transitive modes follow. */
export const brokenModes = (actors: readonly Actor[]): readonly ('backward' | 'forward' | 'full')[] => {
  const hits = (counted: readonly Actor[]): boolean => actors.some((actor) => counted.includes(actor));
  return [
    ...(hits(actorsOf.backward) ? (['backward'] as const) : []),
    ...(hits(actorsOf.forward) ? (['forward'] as const) : []),
    ...(actors.length > 0 ? (['full'] as const) : []),
  ];
};
