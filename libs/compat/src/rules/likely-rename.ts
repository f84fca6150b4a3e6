import { type Change, type LikelyRename, likelyRenames, renameAdvice } from '@dsem/schema';
import { rule } from '../rule.js';

const keyOf = (kind: string, object: string): string => `${kind} ${object}`;

/** The rule is asked about each change, the answer is one for all of them. */
const found = new WeakMap<readonly Change[], ReadonlyMap<string, LikelyRename>>();

const likelyIn = (changes: readonly Change[]): ReadonlyMap<string, LikelyRename> => {
  const known = found.get(changes);
  if (known !== undefined) return known;
  const likely = new Map(likelyRenames(changes).map((one) => [keyOf(`drop-${one.kind}`, one.object), one]));
  found.set(changes, likely);
  return likely;
};

export const likelyRename = rule({
  id: 'likely-rename',
  title: 'Something goes while something of the same shape comes',
  severity: 'info',
  hazard: 'data-loss',
  breaks: [],
  bump: 'none',
  why: 'A rename is never guessed: without a word it is a drop and an addition, and what was stored is lost.',
  fix: 'Where it is the same one under a new name, write `-- dsem: renamed from old_name` in front of it, or "renamedFrom" beside its name in JSON.',
  on: ['drop-column', 'drop-table'],
  check: ({ object, kind }, { changes }) => {
    const likely = likelyIn(changes).get(keyOf(kind, object));
    return likely === undefined ? [] : [{ object, message: renameAdvice(likely), touches: [] }];
  },
});
