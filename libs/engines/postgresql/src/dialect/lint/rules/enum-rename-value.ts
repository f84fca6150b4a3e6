import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An enum label is renamed. */
export const enumRenameValue = rule({
  id: 'enum-rename-value',
  title: 'An enum label is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that write or compare the old label fail.',
  fix: 'Add the new label, move clients and rows, and leave the old one.',
  on: ['enum-rename'],
  check: ({ type, from, to }, { world }) =>
    world.types.get(keyOf(type))?.fresh === true
      ? []
      : [{ object: shown(type), message: `The label ${from} of ${shown(type)} becomes ${to}` }],
});
