import { isPrefix } from '../about/indexes.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { indexesOf } from '../world/world.js';

/** The keys of an index lead another one. */
export const redundantIndex = rule({
  id: 'redundant-index',
  title: 'The keys of an index lead another one',
  severity: 'info',
  hazard: 'performance',
  why: 'The longer index answers the same queries, and every write pays for both.',
  fix: 'Leave the shorter one out.',
  on: ['create-index'],
  check: (act, { world }) => {
    const longer = indexesOf(world, act.table).find((other) => other.name.name !== act.name && isPrefix(act, other));
    return longer
      ? [
          {
            object: shown({ ...act.table, name: act.name ?? act.table.name }),
            message: `${longer.name.name} begins with the same keys`,
          },
        ]
      : [];
  },
});
