import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

export const changePartitionKey = rule({
  id: 'change-partition-key',
  title: 'A table is partitioned differently',
  severity: 'error',
  hazard: 'rewrite',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'The table has to be copied, and queries and keys depend on the partition key.',
  fix: 'Make a new table with the new key, write both, copy, then switch.',
  on: ['alter-table'],
  check: ({ object, from, to }) =>
    equal(from.partitioning, to.partitioning)
      ? []
      : [{ object, message: `Table ${object} is partitioned differently` }],
});
