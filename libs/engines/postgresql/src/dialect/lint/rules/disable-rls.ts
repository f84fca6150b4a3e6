import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Row security is turned off. */
export const disableRls = rule({
  id: 'disable-rls',
  title: 'Row security is turned off',
  severity: 'error',
  hazard: 'security',
  why: 'Everybody with a privilege on the table sees every row.',
  fix: 'Have it reviewed by whoever is responsible for access.',
  on: ['row-security'],
  check: ({ table, what }) =>
    what === 'disable'
      ? [{ object: shown(table), table, message: `Row security of ${shown(table)} is turned off` }]
      : [],
});
