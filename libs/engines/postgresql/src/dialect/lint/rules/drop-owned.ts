import { rule } from '../rule.js';

/** Everything of a role is dropped. */
export const dropOwned = rule({
  id: 'drop-owned',
  title: 'Everything of a role is dropped',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Which objects go is decided by who owns them at that moment, not by the script.',
  fix: 'Drop the objects one by one, or give them to another role with REASSIGN OWNED.',
  on: ['drop-owned'],
  check: ({ roles }) => [{ object: roles, message: `Whatever ${roles} owns is dropped` }],
});
