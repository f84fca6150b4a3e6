import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** A partition with rows is attached without a check. */
export const pgAttachPartitionScan = rule({
  id: 'pg-attach-partition-scan',
  title: 'A partition with rows is attached without a check',
  severity: 'warning',
  hazard: 'lock',
  why: 'All its rows are read under an exclusive lock to prove that they belong there.',
  fix: 'Add a CHECK with the bounds NOT VALID, validate it, then attach.',
  scales: true,
  on: ['attach-partition'],
  check: ({ table, partition }, { world }) =>
    tableIn(world, partition).constraints.some(({ kind, validated }) => kind === 'check' && validated)
      ? []
      : [
          {
            object: shown(partition),
            table: partition,
            message: `All rows of ${shown(partition)} are read while it joins ${shown(table)}`,
          },
        ],
});
