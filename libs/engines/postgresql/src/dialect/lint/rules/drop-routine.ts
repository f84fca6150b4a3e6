import { isMadeAgain, isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A function or procedure is dropped. */
export const dropRoutine = rule({
  id: 'drop-routine',
  title: 'A function or procedure is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'Clients, triggers and defaults that call it break.',
  fix: 'Make sure nothing calls it, then drop it.',
  on: ['drop'],
  check: (act, scene) =>
    act.what === 'function' && !isNew(scene.world, 'function', act.name) && !isMadeAgain(act, scene)
      ? [{ object: shown(act.name), message: `The routine ${shown(act.name)} is dropped` }]
      : [],
});
