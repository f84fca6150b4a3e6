import { columnPaths, guaranteesUnique } from '../lookup.js';
import { rule } from '../rule.js';

export const indexToUnique = rule({
  id: 'index-to-unique',
  title: 'A unique index is created on an existing table',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'Building it fails while rows hold duplicates, and old writers that store duplicates are refused afterwards.',
  fix: 'Find and mend the duplicates, and let writers avoid them, before the index is built.',
  on: ['create-index'],
  check: ({ object, table, index }, { from }) => {
    if (index.unique !== true) return [];
    const columns = index.keys.map(({ column, expression }) => column ?? `(${expression ?? ''})`);
    if (guaranteesUnique(from, table, columns)) return [];
    const named = index.keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
    return [
      {
        object,
        message: `Unique index ${object} on ${columns.join(', ')} is created`,
        ...(named.length === index.keys.length && { touches: columnPaths(table, named) }),
      },
    ];
  },
});
