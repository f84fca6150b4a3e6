import { rule } from '../rule.js';
import { shown } from '../told.js';

/** An index has more than three keys. */
export const wideIndex = rule({
  id: 'wide-index',
  title: 'An index has more than three keys',
  severity: 'info',
  hazard: 'performance',
  why: 'It is large, and queries seldom use all of it.',
  fix: 'Keep the keys that select, put the others into INCLUDE.',
  on: ['create-index'],
  check: ({ table, name, unique, keys }) =>
    !unique && keys.length > 3
      ? [{ object: shown({ ...table, name: name ?? table.name }), message: `The index has ${keys.length} keys` }]
      : [],
});
