import { columnPaths, guaranteesUnique } from '../lookup.js';
import { rule } from '../rule.js';

export const dropUniqueIndex = rule({
  id: 'drop-unique-index',
  title: 'A unique index is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Duplicates become possible, upserts that rely on it fail, and queries become slow.',
  fix: 'Check readers and upserts before it goes.',
  on: ['drop-index'],
  check: ({ object, table, index }, { to }) => {
    if (index.unique !== true) return [];
    const columns = index.keys.map(({ column, expression }) => column ?? `(${expression ?? ''})`);
    if (index.predicate === undefined && guaranteesUnique(to, table, columns)) return [];
    const named = index.keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
    return [{ object, message: `Unique index ${object} is dropped`, touches: columnPaths(table, named) }];
  },
});
