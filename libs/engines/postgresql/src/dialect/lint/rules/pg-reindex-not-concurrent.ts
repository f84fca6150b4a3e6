import { objectOfTarget, tableOfTarget } from '../about/indexes.js';
import { rule } from '../rule.js';

/** An index is rebuilt while others wait. */
export const pgReindexNotConcurrent = rule({
  id: 'pg-reindex-not-concurrent',
  title: 'An index is rebuilt while others wait',
  severity: 'error',
  hazard: 'lock',
  why: 'Writes wait until it is done, and so do reads that would use the index.',
  fix: 'Use REINDEX ... CONCURRENTLY outside a transaction.',
  scales: true,
  on: ['maintain'],
  check: ({ what, concurrently, target, table, index }, { world }) =>
    what === 'reindex' && !concurrently
      ? [
          {
            object: objectOfTarget(target, table ?? index),
            ...tableOfTarget(world, table, index),
            message: `Others wait until ${target} is rebuilt`,
          },
        ]
      : [],
});
