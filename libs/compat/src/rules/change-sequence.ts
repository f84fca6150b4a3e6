import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

export const changeSequence = rule({
  id: 'change-sequence',
  title: 'A sequence counts differently',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Numbers may collide, leave gaps, run out earlier or run backwards.',
  fix: 'Compare with the largest number in use before it changes.',
  on: ['alter-sequence'],
  check: ({ object, from, to }) =>
    equal(from.options, to.options) && from.type === to.type
      ? []
      : [{ object, message: `Sequence ${object} counts differently` }],
});
