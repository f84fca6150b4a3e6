import { rule } from '../rule.js';
import { shown } from '../told.js';
import { columnIn, isFreshColumn } from '../world/world.js';

/** A default is dropped. */
export const dropDefault = rule({
  id: 'drop-default',
  title: 'A default is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Writers that leave the column out break or store NULL.',
  fix: 'Check the writers.',
  on: ['drop-default'],
  check: ({ table, column }, { world }) =>
    isFreshColumn(world, table, column) || columnIn(world, table, column)?.default === false
      ? []
      : [{ object: shown(table, column), table, message: `${shown(table, column)} loses its default` }],
});
