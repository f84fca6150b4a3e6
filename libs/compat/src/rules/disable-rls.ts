import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const disableRowSecurity = rule({
  id: 'disable-rls',
  title: 'Row security is turned off',
  severity: 'error',
  hazard: 'security',
  breaks: [],
  bump: 'minor',
  why: 'Everybody with a privilege on the table sees every row.',
  fix: 'Have it reviewed by whoever is responsible for access.',
  on: ['alter-table'],
  check: ({ object, from, to }) =>
    from.attributes?.['rowSecurity'] !== true || to.attributes?.['rowSecurity'] === true
      ? []
      : [{ object, message: `Row security of ${object} is turned off`, touches: [pathOf(to)] }],
});
