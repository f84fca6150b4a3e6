import { isMadeAgain, isOldPart } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A trigger is replaced. */
export const changeTrigger = rule({
  id: 'change-trigger',
  title: 'A trigger is replaced',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Side effects of writes change for every client at once.',
  fix: 'Look at who relies on the old effects, and at what the new ones cost each write.',
  on: ['create-trigger', 'drop'],
  check: (act, scene) => {
    if (act.kind === 'create-trigger') {
      const old = act.replace && isOldPart(scene.world, 'trigger', act.table, act.name);
      return old
        ? [
            {
              object: shown(act.table, act.name),
              table: act.table,
              message: `The trigger ${shown(act.table, act.name)} is replaced`,
            },
          ]
        : [];
    }
    const replaced =
      act.what === 'trigger' &&
      act.table &&
      isMadeAgain(act, scene) &&
      isOldPart(scene.world, 'trigger', act.table, act.name.name);
    return replaced && act.table
      ? [
          {
            object: shown(act.table, act.name.name),
            table: act.table,
            message: `The trigger ${shown(act.table, act.name.name)} is replaced`,
          },
        ]
      : [];
  },
});
