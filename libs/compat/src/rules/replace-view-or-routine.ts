import { type Routine, type View, equal, pathOf } from '@dsem/schema';
import { type Hit, rule } from '../rule.js';

const broken = { severity: 'error', breaks: ['OR', 'OW'], bump: 'major' } as const;

const viewHit = (object: string, from: View, to: View): readonly Hit[] => {
  const [old, fresh] = [from.columns, to.columns];
  if (old !== undefined && fresh !== undefined && !equal(old, fresh.slice(0, old.length))) {
    return [{ object, message: `View ${object} loses or moves columns`, ...broken }];
  }
  if (from.body.normal === to.body.normal && equal(from.attributes, to.attributes)) return [];
  return [{ object, message: `View ${object} is defined differently` }];
};

const routineHit = (object: string, from: Routine, to: Routine): readonly Hit[] => {
  if (from.returns !== to.returns || from.kind !== to.kind) {
    return [{ object, message: `Routine ${object} returns something else`, ...broken, touches: [object, pathOf(to)] }];
  }
  if (from.body.normal === to.body.normal && equal(from.attributes, to.attributes)) return [];
  return [{ object, message: `Routine ${object} does something else` }];
};

export const replaceViewOrRoutine = rule({
  id: 'replace-view-or-routine',
  title: 'A view or routine is replaced',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Shape or behaviour changes under the same name.',
  fix: 'Append columns only, or publish the new form under a new name and move the readers.',
  on: ['alter-view', 'alter-routine'],
  check: (change) =>
    change.kind === 'alter-view'
      ? viewHit(change.object, change.from, change.to)
      : routineHit(change.object, change.from, change.to),
});
