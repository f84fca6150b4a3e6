import { columnIn, isRequired } from '../lookup.js';
import { rule } from '../rule.js';

export const dropDefault = rule({
  id: 'drop-default',
  title: 'A default is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Old writers that leave the column out store NULL, or are refused where NULL is not allowed.',
  fix: 'Let all writers send a value first.',
  on: ['drop-default'],
  check: ({ object, table, to: column }, { to }) => {
    const final = columnIn(to, table, column.name) ?? column;
    if (final.default !== undefined || final.identity !== undefined || final.generated !== undefined) return [];
    const refused = isRequired(final);
    return [
      {
        object,
        message: `Column ${object} loses its default`,
        ...(refused && { breaks: ['OW'] as const, bump: 'major' as const }),
      },
    ];
  },
});
