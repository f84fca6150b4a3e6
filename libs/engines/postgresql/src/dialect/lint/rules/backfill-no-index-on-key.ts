import { rule } from '../rule.js';
import { shown } from '../told.js';
import { indexesOf, tableIn } from '../world/world.js';

/** A batch has no index to find its rows by. */
export const backfillNoIndexOnKey = rule({
  id: 'backfill-no-index-on-key',
  title: 'A batch has no index to find its rows by',
  severity: 'info',
  hazard: 'performance',
  why: 'Every batch reads the whole table.',
  fix: 'Walk along the primary key, or make an index for the condition first.',
  scales: true,
  on: ['write'],
  check: (act, { world }) => {
    const known = tableIn(world, act.table);
    const batched = (act.verb === 'update' || act.verb === 'delete') && act.reach === 'few';
    if (known.open || !batched) return [];
    const leading = indexesOf(world, act.table).map(({ keys }) => keys[0]);
    return act.filters.some((column) => leading.includes(column))
      ? []
      : [
          {
            object: shown(act.table),
            table: act.table,
            message: `No index of ${shown(act.table)} begins with a column of the condition`,
          },
        ];
  },
});
