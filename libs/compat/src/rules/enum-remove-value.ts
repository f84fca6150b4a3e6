import { labelMoves } from '../labels.js';
import { typeTouches } from '../lookup.js';
import { rule } from '../rule.js';

export const enumRemoveValue = rule({
  id: 'enum-remove-value',
  title: 'A value leaves an enumeration',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OW', 'NR'],
  bump: 'major',
  why: 'Stored rows may hold it, and old writers still send it.',
  fix: 'Stop its use, move the rows to another value, then replace the type.',
  on: ['alter-type'],
  check: (change, { from }) => {
    const { removed } = labelMoves(change);
    return removed.map((label) => ({
      object: change.object,
      message: `Value ${label} leaves ${change.object}`,
      touches: typeTouches(from, change.from),
    }));
  },
});
