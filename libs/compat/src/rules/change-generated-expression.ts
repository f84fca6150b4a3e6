import { columnIn, isRequired } from '../lookup.js';
import { rule } from '../rule.js';

export const changeGeneratedExpression = rule({
  id: 'change-generated-expression',
  title: 'How a column is generated changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Stored values change or stop following their sources; a column that becomes generated refuses values.',
  fix: 'Add a new generated column, switch the readers, then drop the old one.',
  on: ['change-generated'],
  check: ({ object, table, to: column }, { from, to }) => {
    const [old, next] = [columnIn(from, table, column.name), columnIn(to, table, column.name)];
    if (old === undefined || next === undefined || column.generated !== next.generated) return [];
    if (next.generated === undefined) {
      const refused = isRequired(next) && ({ breaks: ['OW'], bump: 'major' } as const);
      return [{ object, message: `Column ${object} is no longer generated`, ...refused }];
    }
    if (old.generated !== undefined) {
      return [{ object, message: `Column ${object} is generated as ${next.generated.expression} from now on` }];
    }
    return [
      { object, message: `Column ${object} becomes generated`, severity: 'error', breaks: ['OW'], bump: 'major' },
    ];
  },
});
