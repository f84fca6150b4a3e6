import { keyOf } from '../../parse/draft.js';
import { tableOfIndex } from '../about/indexes.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An index is dropped. */
export const dropIndex = rule({
  id: 'drop-index',
  title: 'An index is dropped',
  severity: 'warning',
  hazard: 'performance',
  why: 'Queries that use it become slow.',
  fix: 'Watch its use first.',
  on: ['drop'],
  check: ({ what, name }, { world }) => {
    const index = world.indexes.get(keyOf(name));
    const known = what === 'index' && index?.fresh !== true && index?.valid !== false && index?.unique !== true;
    const absent = world.closed && index === undefined;
    return known && !absent
      ? [{ object: shown(name), ...tableOfIndex(index), message: `The index ${shown(name)} is dropped` }]
      : [];
  },
});
