import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A table is dropped. */
export const dropTable = rule({
  id: 'drop-table',
  title: 'A table is dropped',
  severity: 'error',
  hazard: 'data-loss',
  why: 'All rows of the table are destroyed and clients that use it break.',
  fix: 'Stop using it, take a backup, then drop.',
  on: ['drop'],
  check: ({ what, name }) =>
    what === 'table' || what === 'foreign table'
      ? [{ object: shown(name), table: name, message: `The ${what} ${shown(name)} is dropped with its rows` }]
      : [],
});
