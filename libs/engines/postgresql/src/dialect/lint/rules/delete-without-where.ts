import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Rows are deleted without a condition. */
export const deleteWithoutWhere = rule({
  id: 'delete-without-where',
  title: 'Rows are deleted without a condition',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Every row is deleted in one statement, and each is locked until the transaction ends.',
  fix: 'Say which rows, in batches, after a backup.',
  on: ['write'],
  check: ({ verb, reach, table }) =>
    verb === 'delete' && reach === 'every'
      ? [{ object: shown(table), table, message: `Every row of ${shown(table)} is deleted` }]
      : [],
});
