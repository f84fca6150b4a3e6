import { shortest, shortestName } from '../../identifiers.js';
import { newNotNulls } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A column becomes NOT NULL. */
export const setNotNull = rule({
  id: 'set-not-null',
  title: 'A column becomes NOT NULL',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Rows that hold NULL make it fail, and old writers that leave the column out are refused.',
  fix: 'Fill the column first.',
  on: ['set-not-null', 'add-constraint'],
  check: (act, scene) =>
    newNotNulls(act, scene).map(({ column, checked }) => ({
      object: shown(act.table, column),
      table: act.table,
      message: `${shown(act.table, column)} becomes NOT NULL`,
      ...(checked ? {} : { severity: 'info' as const }),
      fix: `Look for rows without a value: SELECT count(*) FROM ${shortestName(act.table.namespace, act.table.name)} WHERE ${shortest(column)} IS NULL`,
    })),
});
