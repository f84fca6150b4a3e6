import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

export const changeCollation = rule({
  id: 'change-collation',
  title: 'A collation or character set changes',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'Order, equality and uniqueness of texts change, and indexes are rebuilt.',
  fix: 'Add a new column with the new collation, check for new duplicates, copy, then switch.',
  on: ['alter-column', 'alter-table'],
  check: ({ object, from, to }) =>
    ['collation', 'charset'].every((key) => equal(from.attributes?.[key], to.attributes?.[key]))
      ? []
      : [{ object, message: `The collation of ${object} changes` }],
});
