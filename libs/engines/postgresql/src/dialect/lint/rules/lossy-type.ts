import { typeMove } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A change of type loses part of the values. */
export const lossyType = rule({
  id: 'lossy-type',
  title: 'A change of type loses part of the values',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Values are converted to another kind and the old form is gone.',
  fix: 'Keep the old column until the new one is verified.',
  on: ['change-type'],
  check: (act, scene) => {
    const { effect, lossy, from } = typeMove(act, scene);
    const lost = effect === 'family' || (effect === 'narrow' && lossy);
    return lost
      ? [
          {
            object: shown(act.table, act.column),
            table: act.table,
            message: `${shown(act.table, act.column)} changes from ${from} to ${act.type}`,
          },
        ]
      : [];
  },
});
