import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A sequence changes. */
export const changeSequence = rule({
  id: 'change-sequence',
  title: 'A sequence changes',
  severity: 'warning',
  hazard: 'data-dependent',
  why: 'Numbers can repeat, leave gaps or run out.',
  fix: 'Compare with the largest value in use.',
  on: ['alter-sequence'],
  check: ({ name, options }, { world }) => {
    const risky = options.filter((option) =>
      ['restart', 'start', 'increment', 'minvalue', 'maxvalue', 'cycle', 'as'].includes(option),
    );
    return risky.length > 0 && !isNew(world, 'sequence', name)
      ? [{ object: shown(name), message: `The sequence ${shown(name)} changes (${risky.join(', ')})` }]
      : [];
  },
});
