import { equal } from '@dsem/schema';
import { tableIn } from '../lookup.js';
import { rule } from '../rule.js';

export const dropIndex = rule({
  id: 'drop-index',
  title: 'An index is dropped',
  severity: 'warning',
  hazard: 'performance',
  breaks: [],
  bump: 'patch',
  why: 'Queries that use it become slow.',
  fix: 'Watch its use over a full business cycle, hide it where the engine can, then drop it.',
  on: ['drop-index'],
  check: ({ object, table, index }, { to }) => {
    if (index.unique === true || index.attributes?.['exclusion'] === true) return [];
    const kept = tableIn(to, table)?.indexes.some(
      ({ keys, predicate, method }) =>
        predicate === index.predicate && method === index.method && equal(keys.slice(0, index.keys.length), index.keys),
    );
    return kept === true ? [] : [{ object, message: `Index ${object} is dropped` }];
  },
});
