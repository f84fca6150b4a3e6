import type { ObjectName } from '@dsem/schema';

/** `definition` of a statistics object. */
export interface StatisticsDefinition {
  /** The table or materialized view whose values are counted together. */
  readonly table: ObjectName;
  readonly columns?: readonly string[];
  /** Since 14. */
  readonly expressions?: readonly string[];
  /** What is counted where that is not everything; nothing to choose for one expression alone. */
  readonly kinds?: readonly string[];
  /** The statistics target. */
  readonly target?: number;
}

/** All that can be counted, in the order in which the catalogue has it. */
export const statisticsKinds = ['ndistinct', 'dependencies', 'mcv'] as const;
