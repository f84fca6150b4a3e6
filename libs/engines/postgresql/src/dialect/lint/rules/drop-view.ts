import { isMadeAgain, isNew, isView } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A view is dropped. */
export const dropView = rule({
  id: 'drop-view',
  title: 'A view is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients and views that read it break.',
  fix: 'Stop reading it first.',
  on: ['drop'],
  check: (act, scene) =>
    isView(act) && !isNew(scene.world, 'view', act.name) && !isMadeAgain(act, scene)
      ? [{ object: shown(act.name), message: `The ${act.what} ${shown(act.name)} is dropped` }]
      : [],
});
