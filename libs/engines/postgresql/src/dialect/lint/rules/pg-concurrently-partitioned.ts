import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** An index of a partitioned table cannot be built concurrently. */
export const pgConcurrentlyPartitioned = rule({
  id: 'pg-concurrently-partitioned',
  title: 'An index of a partitioned table cannot be built concurrently',
  severity: 'error',
  hazard: 'transaction',
  why: 'The server refuses it.',
  fix: 'CREATE INDEX ON ONLY the parent, build one concurrently on each partition, then ALTER INDEX ... ATTACH PARTITION.',
  on: ['create-index'],
  check: ({ table, concurrently, only }, { world }) =>
    concurrently && !only && tableIn(world, table).partitioned
      ? [{ object: shown(table), table, message: `${shown(table)} is partitioned, so CONCURRENTLY is refused` }]
      : [],
});
