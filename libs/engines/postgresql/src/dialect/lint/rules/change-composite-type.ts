import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A composite type changes. */
export const changeCompositeType = rule({
  id: 'change-composite-type',
  title: 'A composite type changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Clients that read or write it field by field see another shape, and tables that use it can be rewritten.',
  fix: 'Make a new type beside it, move clients, then drop the old one.',
  on: ['alter-composite'],
  check: ({ type, what, part }, { world }) =>
    world.types.get(keyOf(type))?.fresh === true
      ? []
      : [{ object: shown(type), message: `${shown(type)} ${what} ${part}` }],
});
