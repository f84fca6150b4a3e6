import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A collation changes. */
export const changeCollation = rule({
  id: 'change-collation',
  title: 'A collation changes',
  severity: 'error',
  hazard: 'rewrite',
  why: 'Order and equality change and the indexes on the column are rebuilt.',
  fix: 'Check uniqueness under the new collation first.',
  on: ['change-type'],
  check: ({ table, column, collation }) =>
    collation === undefined
      ? []
      : [
          {
            object: shown(table, column),
            table,
            message: `The collation of ${shown(table, column)} becomes ${collation}`,
          },
        ],
});
