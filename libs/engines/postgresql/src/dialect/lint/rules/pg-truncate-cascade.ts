import { rule } from '../rule.js';
import { shown } from '../told.js';

/** TRUNCATE ... CASCADE empties tables that the script does not name. */
export const pgTruncateCascade = rule({
  id: 'pg-truncate-cascade',
  title: 'TRUNCATE ... CASCADE empties tables that the script does not name',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Every table with a foreign key to it is emptied as well, and so on from there.',
  fix: 'Name each table that is to be emptied.',
  on: ['truncate'],
  check: ({ tables, cascade }) =>
    cascade
      ? tables.map((table) => ({
          object: shown(table),
          table,
          message: `Tables that refer to ${shown(table)} are emptied as well`,
        }))
      : [],
});
