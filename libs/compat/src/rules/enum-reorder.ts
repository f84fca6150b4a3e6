import { labelMoves } from '../labels.js';
import { typeTouches } from '../lookup.js';
import { rule } from '../rule.js';

export const enumReorder = rule({
  id: 'enum-reorder',
  title: 'The values of an enumeration change places',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'NR'],
  bump: 'major',
  why: 'Comparison and sorting follow the order of the values.',
  fix: 'Append new values at the end; to sort differently, sort by a column.',
  on: ['alter-type'],
  check: (change, { from }) => {
    const { reordered } = labelMoves(change);
    if (!reordered) return [];
    return [
      {
        object: change.object,
        message: `The values of ${change.object} change places`,
        touches: typeTouches(from, change.from),
      },
    ];
  },
});
