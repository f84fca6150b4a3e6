import { rule } from '../rule.js';
import { shown } from '../told.js';
import { columnIn } from '../world/world.js';

/** An index has few different values. */
export const indexOnLowCardinality = rule({
  id: 'index-on-low-cardinality',
  title: 'An index has few different values',
  severity: 'info',
  hazard: 'performance',
  why: 'The server reads the table instead, and every write pays for the index.',
  fix: 'Make it partial (WHERE), or put another column first.',
  on: ['create-index'],
  check: ({ table, name, keys, partial, unique }, { world }) => {
    const [key] = keys;
    const type = key === undefined ? undefined : columnIn(world, table, key)?.type;
    return keys.length === 1 && !partial && !unique && type === 'boolean'
      ? [
          {
            object: shown({ ...table, name: name ?? table.name }),
            message: `${shown(table, key ?? '')} has two values`,
          },
        ]
      : [];
  },
});
