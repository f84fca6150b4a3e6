import { NeedsServer } from '@dsem/schema';
import { AlreadyDefined, type Draft, NotYetDefined, onlyServer } from './draft.js';
import { holds } from './guard-condition.js';
import type { Block } from './guards.js';
import type { Placed } from './script.js';
import { skippedWord } from './statement-kinds.js';

/** Whether a statement of a `DO` block is run, as its conditions and the blocks around it say. */
export const isDue = (draft: Draft, { guard, path, site, node }: Placed): boolean => {
  if (!guard) return true;
  if (guard.blocks.some(({ ended }) => ended)) return false;
  return guard.conditions.every((condition) => {
    condition.value ??= holds(condition.tree, { draft, path });
    if (condition.value !== undefined) return condition.value !== condition.negated;
    if (skippedWord(node) === undefined) onlyServer('A DO block asks for what the files do not tell', 'DO', site);
    return true;
  });
};

const duplicates = [
  'duplicate_object',
  'duplicate_table',
  'duplicate_column',
  'duplicate_schema',
  'duplicate_function',
  'invalid_table_definition',
  'unique_violation',
  'others',
];
const undefineds = [
  'undefined_object',
  'undefined_table',
  'undefined_column',
  'undefined_function',
  'invalid_schema_name',
  'others',
];

const expecting = (blocks: readonly Block[], names: readonly string[]): number =>
  blocks.findLastIndex(({ expects }) => names.some((name) => expects.has(name)));

/** Ends the block that expects an error. @throws the error where none does; NeedsServer where the block undoes more */
export const endExpected = (placed: Placed, error: unknown): void => {
  const { guard, site } = placed;
  const names = error instanceof AlreadyDefined ? duplicates : error instanceof NotYetDefined ? undefineds : [];
  const at = guard ? expecting(guard.blocks, names) : -1;
  if (!guard || at < 0 || error instanceof NeedsServer) throw error;
  for (const block of guard.blocks.slice(at)) {
    if (block.done > 0) onlyServer('A DO block undoes some of its statements', 'DO', site);
    block.ended = true;
  }
};

/** Remembers that a statement was read, as the blocks around it could not undo it any more. */
export const countDone = ({ guard, node }: Placed): void => {
  if (skippedWord(node) === undefined) for (const block of guard?.blocks ?? []) block.done += 1;
};
