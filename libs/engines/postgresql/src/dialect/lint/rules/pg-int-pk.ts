import { advice, columnsIn } from '../about/columns.js';
import { constraintsIn } from '../about/constraints.js';
import { rule } from '../rule.js';

/** A primary key has 32 bits or less. */
export const pgIntPk = rule({
  id: 'pg-int-pk',
  title: 'A primary key has 32 bits or less',
  severity: 'info',
  hazard: 'style',
  why: 'It runs out after 2 billion rows, and widening it copies the table.',
  fix: 'Use bigint.',
  on: ['create-table', 'add-column'],
  check: (act) => {
    const keys = constraintsIn(act).filter(({ kind, columns }) => kind === 'primary key' && columns.length === 1);
    return columnsIn(act)
      .filter(({ name, type }) => /^(integer|smallint)$/.test(type) && keys.some(({ columns }) => columns[0] === name))
      .map(advice(act, 'a key of 32 bits or less'));
  },
});
