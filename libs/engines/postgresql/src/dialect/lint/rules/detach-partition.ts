import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A partition leaves its table. */
export const detachPartition = rule({
  id: 'detach-partition',
  title: 'A partition leaves its table',
  severity: 'warning',
  hazard: 'data-loss',
  why: 'Its rows are no longer found through the table.',
  fix: 'Export or keep the partition until nobody asks for its rows.',
  on: ['detach-partition'],
  check: ({ table, partition }) => [
    { object: shown(partition), table, message: `The rows of ${shown(partition)} leave ${shown(table)}` },
  ],
});
