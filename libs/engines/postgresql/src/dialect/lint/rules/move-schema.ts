import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Something moves to another schema. */
export const moveSchema = rule({
  id: 'move-schema',
  title: 'Something moves to another schema',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that name it with its schema fail, and others find it only when their search path has the new one.',
  fix: 'Leave a view or a synonym function under the old name while clients move.',
  on: ['move'],
  check: ({ what, name, to }, { world }) =>
    what === 'extension' || isNew(world, what, name)
      ? []
      : [
          {
            object: shown(name),
            ...(what === 'table' ? { table: name } : {}),
            message: `The ${what} ${shown(name)} moves to the schema ${to}`,
          },
        ],
});
