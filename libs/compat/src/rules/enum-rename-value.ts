import { labelMoves } from '../labels.js';
import { typeTouches } from '../lookup.js';
import { rule } from '../rule.js';

export const enumRenameValue = rule({
  id: 'enum-rename-value',
  title: 'A value of an enumeration is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'Programs of each version know only one of the two spellings.',
  fix: 'Add the new value, let all readers know both, move the rows, then remove the old one.',
  on: ['alter-type'],
  check: (change, { from }) => {
    const { renamed } = labelMoves(change);
    return renamed.map(([label, next]) => ({
      object: change.object,
      message: `Value ${label} of ${change.object} becomes ${next}`,
      touches: typeTouches(from, change.from),
    }));
  },
});
