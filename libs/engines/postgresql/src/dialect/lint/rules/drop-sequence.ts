import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A sequence is dropped. */
export const dropSequence = rule({
  id: 'drop-sequence',
  title: 'A sequence is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'The counter is lost and clients that call it break.',
  fix: 'Make sure nothing calls nextval on it.',
  on: ['drop'],
  check: ({ what, name }, { world }) =>
    what === 'sequence' && !isNew(world, 'sequence', name)
      ? [{ object: shown(name), message: `The sequence ${shown(name)} is dropped` }]
      : [],
});
