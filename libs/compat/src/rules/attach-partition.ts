import { parentsOf, pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const attachPartition = rule({
  id: 'attach-partition',
  title: 'A table comes under a parent',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Readers of the parent see its rows at once, and the table refuses rows that do not fit.',
  fix: 'Make sure that its rows are complete and that they fit.',
  on: ['attach-partition', 'inherit-parent'],
  check: ({ object, from, to }) => {
    const earlier = new Set(parentsOf(from).map((parent) => pathOf(parent)));
    const joined = parentsOf(to)
      .map((parent) => pathOf(parent))
      .filter((parent) => !earlier.has(parent));
    return [{ object, message: `The rows of ${object} are seen through ${joined.join(', ')}`, touches: joined }];
  },
});
