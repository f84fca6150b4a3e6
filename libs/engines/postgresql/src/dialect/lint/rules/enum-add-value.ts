import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An enum gets a new label. */
export const enumAddValue = rule({
  id: 'enum-add-value',
  title: 'An enum gets a new label',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Old readers can meet a value they do not know.',
  fix: 'Make readers tolerant first.',
  on: ['enum-add'],
  check: ({ type, value }, { world }) =>
    world.types.get(keyOf(type))?.fresh === true
      ? []
      : [{ object: shown(type), message: `${shown(type)} gets the label ${value}` }],
});
