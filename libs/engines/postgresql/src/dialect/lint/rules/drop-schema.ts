import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';

/** A schema is dropped. */
export const dropSchema = rule({
  id: 'drop-schema',
  title: 'A schema is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that name the schema break.',
  fix: 'Make sure nothing refers to it.',
  on: ['drop'],
  check: ({ what, name }, { world }) =>
    what === 'schema' && !isNew(world, 'schema', name)
      ? [{ object: name.name, message: `The schema ${name.name} is dropped` }]
      : [],
});
