import type { DiffAnswers } from '../ask.js';
import type { ReadUses } from '../change-order.js';
import type { ConsistencyFacts } from '../consistency.js';
import type { ColumnType } from '../model.js';

/** What a merge asks an engine. */
export interface MergeAnswers {
  readonly diff: DiffAnswers;
  /** How safe moving a value from one type to another is. */
  readonly typeChange?: (from: ColumnType, to: ColumnType) => { readonly effect: string };
  /** What a noun names beside what its shape says. */
  readonly uses?: ReadUses;
  readonly facts?: ConsistencyFacts;
}
