import { keyOf } from '../../parse/draft.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A type is dropped. */
export const dropType = rule({
  id: 'drop-type',
  title: 'A type is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that cast to the type break.',
  fix: 'Make sure nothing refers to it.',
  on: ['drop'],
  check: ({ what, name }, { world }) =>
    (what === 'type' || what === 'domain') &&
    world.types.get(keyOf(name))?.fresh !== true &&
    !(world.closed && !world.types.has(keyOf(name)))
      ? [{ object: shown(name), message: `The ${what} ${shown(name)} is dropped` }]
      : [],
});
