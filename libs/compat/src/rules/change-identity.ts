import { columnIn, isRequired } from '../lookup.js';
import { rule } from '../rule.js';

/** Old writers are refused: those who send the number, or those who do not. */
const refused = { breaks: ['OW'], bump: 'major' } as const;

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
      return [{ object, message: `Column ${object} loses its identity`, ...(isRequired(final) && refused) }];
    }
    const refuses = column.identity.always && was.identity?.always !== true;
    const what = was.identity === undefined ? 'becomes an identity' : 'numbers differently';
    return [{ object, message: `Column ${object} ${what}`, ...(refuses && refused) }];
  },
});
