import { isMadeAgain } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { isFreshPart } from '../world/apply.js';

/** A trigger is dropped. */
export const dropTrigger = rule({
  id: 'drop-trigger',
  title: 'A trigger is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  why: 'What it kept up to date is kept up to date no longer.',
  fix: 'Make sure nobody relies on it, or replace it in the same transaction.',
  on: ['drop'],
  check: (act, scene) =>
    act.what === 'trigger' &&
    act.table &&
    !isFreshPart(scene.world, 'trigger', act.table, act.name.name) &&
    !isMadeAgain(act, scene)
      ? [
          {
            object: shown(act.table, act.name.name),
            table: act.table,
            message: `The trigger ${shown(act.table, act.name.name)} is dropped`,
          },
        ]
      : [],
});
