import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshColumn } from '../world/world.js';

/** A column is renamed. */
export const renameColumn = rule({
  id: 'rename-column',
  title: 'A column is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that use the old name fail.',
  fix: 'Add the new name beside the old one, move clients, then drop.',
  on: ['rename'],
  check: ({ what, name, part = '', to }, { world }) =>
    what === 'column' && !isFreshColumn(world, name, part)
      ? [{ object: shown(name, part), table: name, message: `The column ${shown(name, part)} is renamed to ${to}` }]
      : [],
});
