import { keyOf } from '../../parse/draft.js';
import { isNameGiven, isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Something that clients name is renamed. */
export const renameObject = rule({
  id: 'rename-object',
  title: 'Something that clients name is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients that use the old name fail.',
  fix: 'Make the new name beside the old one, move clients, then drop the old one.',
  on: ['rename'],
  check: ({ what, name, to }, scene) => {
    const { world } = scene;
    const quiet = [
      'table',
      'column',
      'constraint',
      'domain constraint',
      'index',
      'trigger',
      'policy',
      'rule',
      'attribute',
    ].includes(what);
    const fresh =
      isNew(world, what === 'materialized view' ? 'view' : what, name) ||
      world.types.get(keyOf(name))?.fresh === true ||
      isNameGiven(scene, name);
    return quiet || fresh ? [] : [{ object: shown(name), message: `The ${what} ${shown(name)} is renamed to ${to}` }];
  },
});
