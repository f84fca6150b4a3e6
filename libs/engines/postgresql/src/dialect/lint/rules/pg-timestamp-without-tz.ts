import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** A column is a timestamp without time zone. */
export const pgTimestampWithoutTz = rule({
  id: 'pg-timestamp-without-tz',
  title: 'A column is a timestamp without time zone',
  severity: 'info',
  hazard: 'style',
  why: 'What instant it means depends on the time zone of whoever reads it.',
  fix: 'Use timestamptz.',
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(({ type }) => /^timestamp(\(\d\))? without time zone/.test(type))
      .map(advice(act, 'without time zone')),
});
