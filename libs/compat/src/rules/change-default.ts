import { columnIn } from '../lookup.js';
import { rule } from '../rule.js';

export const changeDefault = rule({
  id: 'change-default',
  title: 'A default changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Old writers that leave the column out store another value from then on; stored rows keep theirs.',
  fix: 'Check that both values mean the same to every reader, or let the writers send the value.',
  on: ['change-default', 'set-default'],
  check: ({ object, table, to: column }, { from }) => {
    const old = columnIn(from, table, column.name)?.default;
    if (old === undefined || old === column.default) return [];
    return [{ object, message: `The default of ${object} changes from ${old} to ${column.default ?? 'none'}` }];
  },
});
