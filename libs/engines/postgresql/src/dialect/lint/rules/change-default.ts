import { rule } from '../rule.js';
import { shown } from '../told.js';
import { columnIn, isFreshColumn } from '../world/world.js';

/** A default changes. */
export const changeDefault = rule({
  id: 'change-default',
  title: 'A default changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Writers that leave the column out store another value.',
  fix: 'Check the writers.',
  on: ['set-default'],
  check: ({ table, column }, { world }) =>
    columnIn(world, table, column)?.default === true && !isFreshColumn(world, table, column)
      ? [{ object: shown(table, column), table, message: `${shown(table, column)} gets another default` }]
      : [],
});
