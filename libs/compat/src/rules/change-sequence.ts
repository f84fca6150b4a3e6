import { equal, type Sequence } from '@dsem/schema';
import { rule } from '../rule.js';

/** How many numbers a session takes at once is nobody's contract: gaps are there with any cache. */
const counting = ({ type, options }: Sequence): object => ({ type, ...options, cache: undefined });

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
    equal(counting(from), counting(to)) ? [] : [{ object, message: `Sequence ${object} counts differently` }],
});
