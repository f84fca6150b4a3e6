import { isMadeAgain, isOld, isView } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A view or routine is replaced. */
export const replaceViewOrRoutine = rule({
  id: 'replace-view-or-routine',
  title: 'A view or routine is replaced',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'The shape or meaning changes under the same name; grants are lost when it is made anew.',
  fix: 'Compare the column lists, or give the new version its own name.',
  on: ['create-view', 'create-routine', 'drop'],
  check: (act, scene) => {
    if (act.kind === 'drop') {
      const replaced = (isView(act) || act.what === 'function') && isMadeAgain(act, scene);
      const what = isView(act) ? 'view' : 'function';
      return replaced && isOld(scene.world, what, act.name)
        ? [{ object: shown(act.name), message: `The ${act.what} ${shown(act.name)} is dropped and made again` }]
        : [];
    }
    const what = act.kind === 'create-view' ? 'view' : 'function';
    return act.replace && isOld(scene.world, what, act.name)
      ? [{ object: shown(act.name), message: `The ${what} ${shown(act.name)} is replaced` }]
      : [];
  },
});
