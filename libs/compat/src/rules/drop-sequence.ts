import { columnIn } from '../lookup.js';
import { rule } from '../rule.js';

export const dropSequence = rule({
  id: 'drop-sequence',
  title: 'A sequence is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OW'],
  bump: 'major',
  why: 'Defaults and programs still draw numbers from it.',
  fix: 'Move them to another source of numbers first.',
  on: ['drop-sequence'],
  check: ({ object, sequence }, { to }) => {
    const owner = sequence.ownedBy;
    if (owner !== undefined) {
      const column = columnIn(to, owner, owner.column);
      if (column === undefined || column.identity !== undefined) return [];
    }
    return [{ object, message: `Sequence ${object} is dropped` }];
  },
});
