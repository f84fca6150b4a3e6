import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** A column is varchar(n). */
export const pgVarcharLimit = rule({
  id: 'pg-varchar-limit',
  title: 'A column is varchar(n)',
  severity: 'info',
  hazard: 'style',
  why: 'A smaller limit later copies the table, and the limit saves nothing.',
  fix: 'Use text with a check of the length.',
  optional: true,
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(({ type }) => /^character varying\(/.test(type))
      .map(advice(act, 'limited by its type')),
});
