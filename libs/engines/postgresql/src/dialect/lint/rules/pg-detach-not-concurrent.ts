import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** A partition is detached under an exclusive lock. */
export const pgDetachNotConcurrent = rule({
  id: 'pg-detach-not-concurrent',
  title: 'A partition is detached under an exclusive lock',
  severity: 'error',
  hazard: 'lock',
  why: 'Readers and writers of the whole partitioned table wait.',
  fix: 'Use DETACH PARTITION ... CONCURRENTLY outside a transaction (14 and newer, without a default partition).',
  on: ['detach-partition'],
  check: ({ table, partition, concurrently }, { version, world }) =>
    concurrently || version < 14 || tableIn(world, table).hasDefaultPartition
      ? []
      : [
          {
            object: shown(partition),
            table,
            message: `${shown(table)} is locked while ${shown(partition)} is detached`,
          },
        ],
});
