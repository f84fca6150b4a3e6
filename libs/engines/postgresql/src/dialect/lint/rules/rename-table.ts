import { isNameGiven } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A table is renamed. */
export const renameTable = rule({
  id: 'rename-table',
  title: 'A table is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that use the old name fail.',
  fix: 'Leave a view under the old name.',
  on: ['rename'],
  check: ({ what, name, to }, scene) =>
    what === 'table' && !isNameGiven(scene, name)
      ? [{ object: shown(name), table: name, message: `The table ${shown(name)} is renamed to ${to}` }]
      : [],
});
