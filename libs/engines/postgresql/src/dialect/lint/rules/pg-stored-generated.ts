import { rewriteReason } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A stored generated column is added. */
export const pgStoredGenerated = rule({
  id: 'pg-stored-generated',
  title: 'A stored generated column is added',
  severity: 'error',
  hazard: 'rewrite',
  why: 'The value is computed for every row, so the table is copied under an exclusive lock.',
  fix: 'Add a plain column, keep it by a trigger, fill it in batches.',
  scales: true,
  on: ['add-column'],
  check: (act, scene) =>
    rewriteReason(act, scene) === 'stored'
      ? [
          {
            object: shown(act.table, act.column.name),
            table: act.table,
            message: `The table is rewritten to store ${shown(act.table, act.column.name)}`,
          },
        ]
      : [],
});
