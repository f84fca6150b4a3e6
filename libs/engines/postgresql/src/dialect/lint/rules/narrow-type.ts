import { typeMove } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A type becomes narrower. */
export const narrowType = rule({
  id: 'narrow-type',
  title: 'A type becomes narrower',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Values that do not fit make the change fail or lose digits.',
  fix: 'Look for rows that do not fit first.',
  on: ['change-type'],
  check: (act, scene) => {
    const { effect, lossy, from } = typeMove(act, scene);
    return effect === 'narrow' && !lossy
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
