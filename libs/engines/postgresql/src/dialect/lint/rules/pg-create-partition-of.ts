import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A partition is created in place. */
export const pgCreatePartitionOf = rule({
  id: 'pg-create-partition-of',
  title: 'A partition is created in place',
  severity: 'warning',
  hazard: 'lock',
  why: 'CREATE TABLE ... PARTITION OF locks the partitioned table exclusively.',
  fix: 'Create the table by itself, then ATTACH it.',
  on: ['create-table'],
  check: ({ table, partitionOf }) =>
    partitionOf
      ? [
          {
            object: shown(table),
            table: partitionOf,
            message: `${shown(partitionOf)} is locked while ${shown(table)} joins it`,
          },
        ]
      : [],
});
