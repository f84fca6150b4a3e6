import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** An amount of money is a binary fraction. */
export const floatForMoney = rule({
  id: 'float-for-money',
  title: 'An amount of money is a binary fraction',
  severity: 'info',
  hazard: 'style',
  why: 'Cents cannot be told exactly, and sums drift.',
  fix: 'Use numeric with a scale.',
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(
        ({ name, type }) =>
          /^(real|double precision)$/.test(type) &&
          /(^|_)(price|amount|total|cost|balance|fee|salary|money|tax|revenue)(_|$)/.test(name),
      )
      .map(advice(act, 'a binary fraction')),
});
