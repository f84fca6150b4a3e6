import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';

/** An extension is dropped. */
export const dropExtension = rule({
  id: 'drop-extension',
  title: 'An extension is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Everything the extension brought is gone.',
  fix: 'List the objects that depend on it.',
  on: ['drop'],
  check: ({ what, name }, { world }) =>
    what === 'extension' && !isNew(world, 'extension', name)
      ? [{ object: name.name, message: `The extension ${name.name} is dropped` }]
      : [],
});
