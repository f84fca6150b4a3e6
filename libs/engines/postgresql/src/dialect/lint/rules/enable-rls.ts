import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Row security is turned on. */
export const enableRls = rule({
  id: 'enable-rls',
  title: 'Row security is turned on',
  severity: 'error',
  hazard: 'security',
  why: 'Without a policy that lets them, everybody but the owner sees no row any more.',
  fix: 'Create the policies first, in the same transaction, and have them reviewed.',
  on: ['row-security'],
  check: ({ table, what }) =>
    what === 'enable' ? [{ object: shown(table), table, message: `Row security of ${shown(table)} is turned on` }] : [],
});
