import { merge, type Merged, type MergeInput, type MergeSide, mergeTaking } from '@dsem/schema';
import type { Dialect } from './dialect.js';

/** A merge where what is left open may be taken from one side. */
export interface MergeRequest extends MergeInput {
  readonly take?: MergeSide | undefined;
}

/** Merges two states of an engine that came from one base. O(states). @throws as `merge` */
export const mergeStates = ({ diff, typeChange, uses }: Dialect, { take, ...input }: MergeRequest): Merged => {
  const answers = { diff, typeChange, ...(uses === undefined ? {} : { uses }) };
  return take === undefined ? merge(input, answers) : mergeTaking(input, take, answers);
};
