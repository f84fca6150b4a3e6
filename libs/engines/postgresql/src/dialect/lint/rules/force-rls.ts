import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Row security of the owner changes. */
export const forceRls = rule({
  id: 'force-rls',
  title: 'Row security of the owner changes',
  severity: 'error',
  hazard: 'security',
  why: 'The owner, and with it many a service, sees other rows than before.',
  fix: 'Have it reviewed by whoever is responsible for access.',
  on: ['row-security'],
  check: ({ table, what }) =>
    what === 'force' || what === 'no-force'
      ? [
          {
            object: shown(table),
            table,
            message: `Row security of ${shown(table)} ${what === 'force' ? 'applies' : 'no longer applies'} to its owner`,
          },
        ]
      : [],
});
