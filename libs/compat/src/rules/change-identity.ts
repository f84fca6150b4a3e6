import { columnIn, isRequired } from '../lookup.js';
import { rule } from '../rule.js';

export const changeIdentity = rule({
  id: 'change-identity',
  title: 'Identity of a column changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Numbers may collide with stored ones, old writers may send values that are refused, or miss the number.',
  fix: 'Let the numbers start above the largest stored one, and check who sends or expects them.',
  on: ['change-identity'],
  check: ({ object, table, from: was, to: column }, { to }) => {
    const final = columnIn(to, table, column.name) ?? column;
    if (column.identity === undefined) {
      const breaks = isRequired(final) ? (['OW'] as const) : [];
      return [{ object, message: `Column ${object} loses its identity`, breaks }];
    }
    const refuses = column.identity.always && was.identity?.always !== true;
    const what = was.identity === undefined ? 'becomes an identity' : 'numbers differently';
    return [{ object, message: `Column ${object} ${what}`, breaks: refuses ? ['OW'] : [] }];
  },
});
