import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A trigger is turned off. */
export const disableTrigger = rule({
  id: 'disable-trigger',
  title: 'A trigger is turned off',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Its side effects stop for every client, foreign keys among them when it is ALL.',
  fix: 'Turn it on again in the same transaction, or set session_replication_role for your session alone.',
  on: ['toggle-trigger'],
  check: ({ table, name, enable }) =>
    enable
      ? []
      : [{ object: shown(table, name), table, message: `The trigger ${name} of ${shown(table)} is turned off` }],
});
