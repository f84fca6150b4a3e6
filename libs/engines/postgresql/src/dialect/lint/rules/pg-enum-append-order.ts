import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An enum label has no place. */
export const pgEnumAppendOrder = rule({
  id: 'pg-enum-append-order',
  title: 'An enum label has no place',
  severity: 'info',
  hazard: 'style',
  why: 'The new label goes to the end, and the order of an enum means something: it sorts by it.',
  fix: 'Say BEFORE or AFTER.',
  on: ['enum-add'],
  check: ({ type, value, positioned }, { world }) =>
    positioned || world.types.get(keyOf(type))?.fresh === true
      ? []
      : [{ object: shown(type), message: `The label ${value} goes to the end of ${shown(type)}` }],
});
