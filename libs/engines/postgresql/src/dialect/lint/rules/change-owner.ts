import { keyOf } from '../../parse/draft.js';
import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An owner changes. */
export const changeOwner = rule({
  id: 'change-owner',
  title: 'An owner changes',
  severity: 'warning',
  hazard: 'security',
  why: 'The rights of code that runs as its owner change, and who may alter the object.',
  fix: 'Have it approved.',
  on: ['change-owner'],
  check: ({ what, name, owner }, { world }) =>
    isNew(world, what === 'materialized view' ? 'view' : what, name) || world.types.get(keyOf(name))?.fresh === true
      ? []
      : [
          {
            object: shown(name),
            ...(what === 'table' ? { table: name } : {}),
            message: `The ${what} ${shown(name)} goes to ${owner}`,
          },
        ],
});
