import { isTwin } from '../about/indexes.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { indexesOf } from '../world/world.js';

/** An index does what another does. */
export const duplicateIndex = rule({
  id: 'duplicate-index',
  title: 'An index does what another does',
  severity: 'warning',
  hazard: 'performance',
  why: 'Every write pays for both.',
  fix: 'Leave the new one out, or drop the old one.',
  on: ['create-index'],
  check: (act, { world }) => {
    const twin = indexesOf(world, act.table).find((other) => other.name.name !== act.name && isTwin(act, other));
    return twin
      ? [
          {
            object: shown({ ...act.table, name: act.name ?? act.table.name }),
            message: `${twin.name.name} has the same keys on ${shown(act.table)}`,
          },
        ]
      : [];
  },
});
