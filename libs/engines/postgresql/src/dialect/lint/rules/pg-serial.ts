import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** A column is serial. */
export const pgSerial = rule({
  id: 'pg-serial',
  title: 'A column is serial',
  severity: 'info',
  hazard: 'style',
  why: 'Its sequence is an object of its own with rights of its own, and anybody can write past it.',
  fix: 'Use GENERATED ALWAYS AS IDENTITY.',
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(({ serial }) => serial)
      .map(advice(act, 'serial')),
});
