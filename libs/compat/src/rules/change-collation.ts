import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

/** Whether a collation that is an object of its own stays as it is; true for everything else. */
const sameDefinition = (from: object, to: object): boolean =>
  !('kind' in to && to.kind === 'collation' && 'definition' in from && 'definition' in to) ||
  equal(from.definition, to.definition);

export const changeCollation = rule({
  id: 'change-collation',
  title: 'A collation or character set changes',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'Order, equality and uniqueness of texts change, and indexes are rebuilt.',
  fix: 'Add a new column with the new collation, check for new duplicates, copy, then switch.',
  on: ['alter-column', 'alter-table', 'alter-object'],
  check: ({ object, from, to }) =>
    sameDefinition(from, to) &&
    ['collation', 'charset'].every((key) => equal(from.attributes?.[key], to.attributes?.[key]))
      ? []
      : [{ object, message: `The collation of ${object} changes` }],
});
