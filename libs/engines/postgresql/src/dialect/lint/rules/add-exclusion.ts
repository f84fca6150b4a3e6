import { constraintPath } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An exclusion constraint is added. */
export const addExclusion = rule({
  id: 'add-exclusion',
  title: 'An exclusion constraint is added',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Rows that exclude each other make it fail, and later writers are refused.',
  fix: 'Look for rows in conflict first.',
  on: ['add-constraint'],
  check: ({ table, constraint }) =>
    constraint.kind === 'exclusion'
      ? [
          {
            object: constraintPath(table, constraint),
            table,
            message: `Rows of ${shown(table)} must not exclude each other`,
          },
        ]
      : [],
});
