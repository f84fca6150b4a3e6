import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const enableRowSecurity = rule({
  id: 'enable-rls',
  title: 'Row security is turned on',
  severity: 'error',
  hazard: 'security',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'From then on policies decide, and who is let in by none sees no row any more.',
  fix: 'Create the policies in the same version, have them reviewed, and test them with the real roles.',
  on: ['alter-table'],
  check: ({ object, from, to }) =>
    from.attributes?.['rowSecurity'] === true || to.attributes?.['rowSecurity'] !== true
      ? []
      : [{ object, message: `Row security of ${object} is turned on`, touches: [pathOf(to)] }],
});
