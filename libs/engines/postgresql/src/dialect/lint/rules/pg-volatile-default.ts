import { rewriteReason } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A new column has a default that differs from row to row. */
export const pgVolatileDefault = rule({
  id: 'pg-volatile-default',
  title: 'A new column has a default that differs from row to row',
  severity: 'error',
  hazard: 'rewrite',
  why: 'The default is computed for every row, so the table is copied under an exclusive lock.',
  fix: 'Add the column without default, set the default, fill rows in batches.',
  scales: true,
  on: ['add-column'],
  check: (act, scene) =>
    rewriteReason(act, scene) === 'volatile'
      ? [
          {
            object: shown(act.table, act.column.name),
            table: act.table,
            message: `The table is rewritten to fill ${shown(act.table, act.column.name)}`,
          },
        ]
      : [],
});
