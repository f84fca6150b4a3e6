import { rule } from '../rule.js';
import { shown } from '../told.js';
import { indexesOf } from '../world/world.js';

/** A table has many indexes. */
export const tooManyIndexes = rule({
  id: 'too-many-indexes',
  title: 'A table has many indexes',
  severity: 'info',
  hazard: 'performance',
  why: 'Every write pays for each of them.',
  fix: 'Look in pg_stat_user_indexes for those that nobody uses.',
  on: ['create-index'],
  check: ({ table, name }, { world }) => {
    const count = indexesOf(world, table).length + 1;
    return count > 10
      ? [{ object: shown(table), message: `${name ?? 'The new index'} is index ${count} of ${shown(table)}` }]
      : [];
  },
});
