import { checkLimits, dialectFor } from '@dsem/catalogue';
import { mergeStates } from '@dsem/engine';
import {
  type Change,
  type EngineName,
  type MergeConflict,
  type MergeSide,
  type RenameHint,
  type Resolution,
  type Schema,
  withHints,
} from '@dsem/schema';
import { diffAnswer } from './diff.js';
import { sqlOf } from './inspect.js';

/** What `merge` tells; definition and SQL are there once nothing is left to be decided. */
export interface MergeAnswer {
  readonly engine: EngineName;
  readonly clean: boolean;
  readonly definition: object | null;
  readonly sql: string | null;
  readonly conflicts: readonly MergeConflict[];
  readonly notes: readonly string[];
  /** What the merge brings to ours; empty while it is not clean. */
  readonly changes: readonly Change[];
}

interface Given {
  readonly schema: Schema;
  readonly renamedFrom?: readonly RenameHint[];
}

/** The three states of a merge. */
export interface MergeSides {
  readonly base: Given;
  readonly ours: Given;
  readonly theirs: Given;
}

/** How conflicts are decided. */
export interface Deciding {
  readonly take?: MergeSide | undefined;
  readonly resolutions?: readonly Resolution[] | undefined;
}

/** What two states that came from one base add up to; what a person edited is brought into the engine's form. */
export const mergeAnswer = async (
  { base, ours, theirs }: MergeSides,
  { take, resolutions = [] }: Deciding,
): Promise<MergeAnswer> => {
  const dialect = dialectFor(ours.schema.engine);
  const { clean, conflicts, notes, renamedFrom, ...merged } = mergeStates(dialect, {
    base: base.schema,
    ours: ours.schema,
    theirs: theirs.schema,
    renamedFrom: { ours: ours.renamedFrom ?? [], theirs: theirs.renamedFrom ?? [] },
    resolutions,
    take,
  });
  const isEdited = resolutions.some((one) => one.take === 'edited');
  const schema = clean && isEdited ? await dialect.normalize(merged.schema) : merged.schema;
  if (clean) checkLimits(schema, dialect.capabilities);
  return {
    engine: schema.engine,
    clean,
    definition: clean ? withHints(schema, [...(ours.renamedFrom ?? []), ...renamedFrom]) : null,
    /** Printed only where it is told. */
    get sql() {
      return clean ? sqlOf(schema) : null;
    },
    conflicts,
    notes,
    changes: clean ? diffAnswer(ours.schema, schema, renamedFrom).changes : [],
  };
};
