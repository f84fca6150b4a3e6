import { equal } from '@dsem/schema';
import { columnPaths, tableIn } from '../lookup.js';
import { rule } from '../rule.js';

export const changePrimaryKey = rule({
  id: 'change-primary-key',
  title: 'The primary key is dropped or has other columns',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'Programs, caches, replication and change streams identify rows by the key.',
  fix: 'Add the new key as a unique constraint first, move all users to it, then change the primary key.',
  on: ['drop-primary-key'],
  check: ({ object, table, primaryKey }, { to }) => {
    const next = tableIn(to, table)?.primaryKey;
    if (next !== undefined && equal(next.columns, primaryKey.columns)) return [];
    const what = next === undefined ? 'is dropped' : `changes to ${next.columns.join(', ')}`;
    return [{ object, message: `Primary key ${object} ${what}`, touches: columnPaths(table, primaryKey.columns) }];
  },
});
