import { reachOf } from '../about/rows.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Rows are changed in one statement, however many they are. */
export const backfillUnbatched = rule({
  id: 'backfill-unbatched',
  title: 'Rows are changed in one statement, however many they are',
  severity: 'warning',
  hazard: 'lock',
  why: 'Each row stays locked until the last one is done, replicas fall behind, and dead rows pile up.',
  fix: 'Go through the key in ranges of some thousand rows, each in a transaction of its own.',
  scales: true,
  on: ['write'],
  check: (act, { world }) =>
    (act.verb === 'update' || act.verb === 'delete' || act.verb === 'merge') && reachOf(act, world) === 'many'
      ? [
          {
            object: shown(act.table),
            table: act.table,
            message: `The ${act.verb} of ${shown(act.table)} has no bound on the number of rows`,
          },
        ]
      : [],
});
