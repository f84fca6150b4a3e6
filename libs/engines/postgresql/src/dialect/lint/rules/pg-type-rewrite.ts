import { wideTypes } from '../about/columns.js';
import { typeMove } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A change of type copies the table. */
export const pgTypeRewrite = rule({
  id: 'pg-type-rewrite',
  title: 'A change of type copies the table',
  severity: 'error',
  hazard: 'rewrite',
  why: 'The whole table is copied while nobody can read or write it.',
  fix: 'Add a column of the new type, fill it in batches, then switch.',
  scales: true,
  on: ['change-type'],
  check: (act, scene) => {
    const { rewrite, from } = typeMove(act, scene);
    const path = shown(act.table, act.column);
    if (!rewrite) return [];
    if (from !== undefined)
      return [{ object: path, table: act.table, message: `${path} changes from ${from} to ${act.type}` }];
    const mild = wideTypes.has(act.type) && act.using === undefined ? { severity: 'warning' as const } : {};
    const message = `${path} becomes ${act.type}, which copies the table unless the old type is stored alike; --state tells it`;
    return [{ object: path, table: act.table, message, ...mild }];
  },
});
