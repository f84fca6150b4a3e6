import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Rows are updated without a condition. */
export const updateWithoutWhere = rule({
  id: 'update-without-where',
  title: 'Rows are updated without a condition',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Every row gets the new value in one statement, the old ones are gone, and each row is locked until the transaction ends.',
  fix: 'Say which rows, in batches, and keep the old values until the new ones are verified.',
  on: ['write'],
  check: (act) =>
    act.verb === 'update' && act.reach === 'every'
      ? [{ object: shown(act.table), table: act.table, message: `Every row of ${shown(act.table)} is updated` }]
      : [],
});
