import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshColumn } from '../world/world.js';

/** The numbering of a column changes. */
export const changeIdentity = rule({
  id: 'change-identity',
  title: 'The numbering of a column changes',
  severity: 'warning',
  hazard: 'data-dependent',
  why: 'New numbers can collide with those in the table.',
  fix: 'Compare the start with the largest value in use.',
  on: ['change-identity'],
  check: ({ table, column, what }, { world }) =>
    isFreshColumn(world, table, column)
      ? []
      : [
          {
            object: shown(table, column),
            table,
            message: `The numbering of ${shown(table, column)} changes (${what.toUpperCase()} IDENTITY)`,
          },
        ],
});
