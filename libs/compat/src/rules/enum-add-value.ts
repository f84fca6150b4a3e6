import { labelMoves } from '../labels.js';
import { typeTouches } from '../lookup.js';
import { rule } from '../rule.js';

export const enumAddValue = rule({
  id: 'enum-add-value',
  title: 'A value joins an enumeration',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Old readers receive a value they do not know.',
  fix: 'Let all readers bear unknown values before a writer stores the new one.',
  on: ['alter-type'],
  check: (change, { from }) => {
    const { added } = labelMoves(change);
    return added.map((label) => ({
      object: change.object,
      message: `Value ${label} joins ${change.object}`,
      touches: typeTouches(from, change.from),
    }));
  },
});
