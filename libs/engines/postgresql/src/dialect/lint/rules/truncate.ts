import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A table is emptied. */
export const truncate = rule({
  id: 'truncate',
  title: 'A table is emptied',
  severity: 'error',
  hazard: 'data-loss',
  why: 'All rows are gone at once, under an exclusive lock, and no trigger per row sees it.',
  fix: 'Delete what is to go in batches with a predicate, after a backup.',
  on: ['truncate'],
  check: ({ tables }) =>
    tables.map((table) => ({ object: shown(table), table, message: `All rows of ${shown(table)} are removed` })),
});
