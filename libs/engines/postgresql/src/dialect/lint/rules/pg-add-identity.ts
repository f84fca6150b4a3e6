import { rewriteReason } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A column that numbers the rows is added. */
export const pgAddIdentity = rule({
  id: 'pg-add-identity',
  title: 'A column that numbers the rows is added',
  severity: 'error',
  hazard: 'rewrite',
  why: 'Every row gets a number, so the table is copied under an exclusive lock.',
  fix: 'Add a nullable bigint, fill it in batches, then attach the identity.',
  scales: true,
  on: ['add-column'],
  check: (act, scene) => {
    const reason = rewriteReason(act, scene);
    return reason === 'identity' || reason === 'serial'
      ? [
          {
            object: shown(act.table, act.column.name),
            table: act.table,
            message: `The table is rewritten to number the rows of ${shown(act.table, act.column.name)}`,
          },
        ]
      : [];
  },
});
