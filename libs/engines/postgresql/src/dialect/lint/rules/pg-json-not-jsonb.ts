import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** A column is json. */
export const pgJsonNotJsonb = rule({
  id: 'pg-json-not-jsonb',
  title: 'A column is json',
  severity: 'info',
  hazard: 'style',
  why: 'It has no equality, so DISTINCT, GROUP BY and UNION fail, and no index on what is in it.',
  fix: 'Use jsonb.',
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(({ type }) => type === 'json')
      .map(advice(act, 'json, which has no equality')),
});
