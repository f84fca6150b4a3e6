import { constraintPath } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An exclusion constraint builds its index under an exclusive lock. */
export const pgExclusionBlocking = rule({
  id: 'pg-exclusion-blocking',
  title: 'An exclusion constraint builds its index under an exclusive lock',
  severity: 'error',
  hazard: 'lock',
  why: 'The index is built while nobody can read or write the table, and there is no other form.',
  fix: 'Use a maintenance window, or check in a trigger.',
  scales: true,
  on: ['add-constraint'],
  check: ({ table, constraint }) =>
    constraint.kind === 'exclusion'
      ? [
          {
            object: constraintPath(table, constraint),
            table,
            message: `The index of the exclusion constraint is built while ${shown(table)} is locked`,
          },
        ]
      : [],
});
