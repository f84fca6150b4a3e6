import { equal, pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const changeTrigger = rule({
  id: 'change-trigger',
  title: 'A trigger changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Writes have other side effects than before.',
  fix: 'Check every writer of the table, and whoever reads what the trigger writes.',
  on: ['alter-trigger'],
  check: ({ object, from, to }) =>
    from.body.normal === to.body.normal && equal(from.attributes, to.attributes)
      ? []
      : [{ object, message: `Trigger ${object} changes`, touches: [pathOf(to.table)] }],
});
