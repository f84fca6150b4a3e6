import { columnPaths } from '../lookup.js';
import { rule } from '../rule.js';

export const addExclusion = rule({
  id: 'add-exclusion',
  title: 'An exclusion constraint is added',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'It fails while rows exclude each other, and old writers that store such rows are refused afterwards.',
  fix: 'Find and mend the rows in conflict, and let writers avoid them, before it is added.',
  on: ['create-index'],
  check: ({ object, table, index }) => {
    if (index.attributes?.['exclusion'] !== true) return [];
    const named = index.keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
    return [
      {
        object,
        message: `Rows that exclude each other by ${object} are refused`,
        ...(named.length === index.keys.length && { touches: columnPaths(table, named) }),
      },
    ];
  },
});
