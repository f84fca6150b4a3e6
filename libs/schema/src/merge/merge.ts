import { parseDefinition } from '../definition.js';
import { EngineMismatch } from '../errors.js';
import { emptySchema, type Json, type Schema } from '../model.js';
import { normalizeSchema } from '../normalize.js';
import { openHints, type RenameHint } from '../rename-hint.js';
import { align, type Aligned } from './align.js';
import type { MergeAnswers } from './answers.js';
import { aspectKey, type MergeConflict, placeKey, type Resolution, type Side, UnusableResolution } from './conflict.js';
import { type CrossConflict, crossConflicts, type Outcome } from './cross.js';
import { withPartsDecided } from './decided-parts.js';
import { Judge, Resolutions } from './judge.js';
import { mergeObjects } from './objects.js';

/** Three states, and what is said of them. */
export interface MergeInput {
  /** What both sides started from. */
  readonly base: Schema;
  readonly ours: Schema;
  readonly theirs: Schema;
  /** What each side says of earlier names, seen from the base. */
  readonly renamedFrom?: { readonly [Name in Side]?: readonly RenameHint[] };
  readonly resolutions?: readonly Resolution[];
}

/** What came of it. */
export interface Merged {
  /** Whether nothing is left to be decided. */
  readonly clean: boolean;
  /** In normal form; with proposals in place of what is not decided when it is not clean. */
  readonly schema: Schema;
  readonly conflicts: readonly MergeConflict[];
  /** What was decided by a rule that a reader should know of. */
  readonly notes: readonly string[];
  /** What the merged state says of earlier names, seen from ours. */
  readonly renamedFrom: readonly RenameHint[];
}

interface Deciding {
  readonly sides: Map<string, Side>;
  readonly values: Map<string, unknown>;
}

/** Notes an outcome; false when it says nothing new. */
const note = ({ sides, values }: Deciding, outcome: Outcome): boolean => {
  const before = sides.size + values.size;
  for (const [place, side] of outcome.sides ?? []) sides.set(placeKey(place), side);
  for (const [place, value] of outcome.values ?? []) values.set(placeKey(place), value);
  return sides.size + values.size > before;
};

const outcomeOf = ({ conflict, take, edit }: CrossConflict, resolution: Resolution): Outcome => {
  const { object } = conflict;
  if (resolution.take === 'edited') {
    if (edit !== undefined) return edit(resolution.value);
    throw new UnusableResolution(`${object}: take ours or theirs, ${conflict.aspect} cannot be edited`, { object });
  }
  if (take !== undefined) return take(resolution.take);
  throw new UnusableResolution(`${object}: only another change of one side helps: ${conflict.why}`, { object });
};

const choicesOf = ({ take, edit }: CrossConflict): MergeConflict['choices'] => [
  ...(take === undefined ? [] : (['ours', 'theirs'] as const)),
  ...(edit === undefined ? [] : (['edited'] as const)),
];

interface Attempt {
  readonly schema: Schema;
  readonly judge: Judge;
  readonly open: readonly MergeConflict[];
}

/** Merges again with what was decided about whole objects, until nothing more is decided. */
const attempts = (
  input: MergeInput,
  {
    aligned,
    resolutions,
    deciding,
  }: { readonly aligned: Aligned; readonly resolutions: Resolutions; readonly deciding: Deciding },
  answers: MergeAnswers,
): Attempt => {
  const isEdited = input.resolutions?.some(({ take }) => take === 'edited') === true;
  for (;;) {
    const judge = new Judge(resolutions, deciding);
    const made = mergeObjects(judge, aligned, emptySchema(input.ours.engine), answers);
    const schema = isEdited
      ? parseDefinition(withPartsDecided(judge, aligned, made))
      : normalizeSchema(withPartsDecided(judge, aligned, made));
    const found = crossConflicts({ aligned, named: input, merged: schema }, answers);
    const open: MergeConflict[] = [];
    let again = false;
    for (const one of found) {
      const resolution = resolutions.of(one.conflict, one.conflict.aspect);
      if (resolution !== undefined && note(deciding, outcomeOf(one, resolution))) again = true;
      else open.push({ ...one.conflict, choices: choicesOf(one) });
    }
    if (!again) return { schema, judge, open };
  }
};

const byObject = (a: MergeConflict, b: MergeConflict): number =>
  a.object === b.object ? (a.aspect < b.aspect ? -1 : 1) : a.object < b.object ? -1 : 1;

/**
 * Notes about resolutions of conflicts that another one took away with it.
 * @throws UnusableResolution for one that no conflict asked for
 */
const needless = (unused: readonly Resolution[], input: MergeInput, answers: MergeAnswers): readonly string[] => {
  if (unused.length === 0) return [];
  const asked = new Set(
    merge({ ...input, resolutions: [] }, answers).conflicts.map((one) => aspectKey(one, one.aspect)),
  );
  return unused.map((one) => {
    const { noun, object, aspect } = one;
    if (asked.has(aspectKey(one, aspect)))
      return `the resolution of ${noun} ${object} (${aspect}) was not needed any more`;
    throw new UnusableResolution(`${noun} ${object} has no conflict about ${aspect}`, { object });
  });
};

/**
 * `merge` with everything that can be decided so taken from one side. What that side's decisions bring up is decided
 * likewise.
 * @throws as `merge`
 */
export const mergeTaking = (input: MergeInput, take: Side, answers: MergeAnswers): Merged => {
  let resolutions = input.resolutions ?? [];
  for (;;) {
    const merged = merge({ ...input, resolutions }, answers);
    const decided = new Set(resolutions.map((one) => aspectKey(one, one.aspect)));
    const fresh = merged.conflicts.filter(
      (one) => one.choices.includes(take) && !decided.has(aspectKey(one, one.aspect)),
    );
    if (fresh.length === 0) return merged;
    resolutions = [...resolutions, ...fresh.map(({ noun, object, aspect }) => ({ noun, object, aspect, take }))];
  }
};

/**
 * Merges what two sides made of one base, object by object and attribute by attribute. What only one side changed is
 * taken; what cannot both hold is a conflict, decided by a resolution or left open. All states in normal form. O(states)
 * and O(renames x states), again for each round of decisions about whole objects.
 * @throws EngineMismatch when the states belong to different engines; UnusableResolution when a resolution decides nothing;
 *   DefinitionShapeError when an edited value has the wrong shape
 */
export const merge = (input: MergeInput, answers: MergeAnswers): Merged => {
  const engines = new Set([input.base.engine, input.ours.engine, input.theirs.engine]);
  if (engines.size > 1) throw new EngineMismatch(`The three states are for ${[...engines].join(', ')}.`);
  const resolutions = new Resolutions(input.resolutions ?? []);
  const naming = new Judge(resolutions, { sides: new Map(), values: new Map() });
  const { ours = [], theirs = [] } = input.renamedFrom ?? {};
  const { base, ours: mine, theirs: other } = input;
  const aligned = align({ base, ours: mine, theirs: other }, { ours, theirs }, naming);
  const deciding: Deciding = { sides: new Map(aligned.sides), values: new Map<string, Json>() };
  const { schema, judge, open } = attempts(input, { aligned, resolutions, deciding }, answers);
  const conflicts = [...naming.conflicts, ...judge.conflicts, ...open].toSorted(byObject);
  const notes = [...naming.notes, ...judge.notes, ...needless(resolutions.unused(), input, answers)];
  const renamedFrom = openHints(input.ours, schema, aligned.renamedFrom);
  return { clean: conflicts.length === 0, schema, conflicts, notes, renamedFrom };
};
