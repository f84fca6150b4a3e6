import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A change of storage copies the table. */
export const pgTableRewrite = rule({
  id: 'pg-table-rewrite',
  title: 'A change of storage copies the table',
  severity: 'error',
  hazard: 'rewrite',
  why: 'The whole table is copied under an exclusive lock.',
  fix: 'Use a maintenance window.',
  scales: true,
  on: ['rewrite-table'],
  check: ({ table, what }) => [{ object: shown(table), table, message: `${shown(table)} ${what}` }],
});
