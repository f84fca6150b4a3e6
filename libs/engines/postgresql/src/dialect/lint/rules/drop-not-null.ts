import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshColumn } from '../world/world.js';

/** A column may become NULL. */
export const dropNotNull = rule({
  id: 'drop-not-null',
  title: 'A column may become NULL',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Old readers may not expect NULL.',
  fix: 'Check the readers.',
  on: ['drop-not-null'],
  check: ({ table, column }, { world }) =>
    isFreshColumn(world, table, column)
      ? []
      : [{ object: shown(table, column), table, message: `${shown(table, column)} may become NULL` }],
});
