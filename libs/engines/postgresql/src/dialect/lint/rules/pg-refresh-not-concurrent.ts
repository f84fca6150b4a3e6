import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A materialized view is refreshed while readers wait. */
export const pgRefreshNotConcurrent = rule({
  id: 'pg-refresh-not-concurrent',
  title: 'A materialized view is refreshed while readers wait',
  severity: 'warning',
  hazard: 'lock',
  why: 'Nobody can read the view until it is computed anew.',
  fix: 'Give it a unique index and use REFRESH MATERIALIZED VIEW CONCURRENTLY.',
  on: ['maintain'],
  check: ({ what, concurrently, table }, { world }) =>
    what === 'refresh' && !concurrently && table && !isNew(world, 'view', table)
      ? [{ object: shown(table), message: `Readers of ${shown(table)} wait until it is computed` }]
      : [],
});
