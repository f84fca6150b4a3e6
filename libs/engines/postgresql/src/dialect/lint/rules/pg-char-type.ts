import { advice, columnsIn } from '../about/columns.js';
import { rule } from '../rule.js';

/** A column is char(n). */
export const pgCharType = rule({
  id: 'pg-char-type',
  title: 'A column is char(n)',
  severity: 'info',
  hazard: 'style',
  why: 'Values are padded with blanks, which take room and are compared in surprising ways.',
  fix: 'Use text with a check of the length.',
  on: ['create-table', 'add-column'],
  check: (act) =>
    columnsIn(act)
      .filter(({ type }) => /^character\(/.test(type) || type === 'bpchar')
      .map(advice(act, 'padded with blanks')),
});
