import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A column is generated no longer. */
export const dropGenerated = rule({
  id: 'drop-generated',
  title: 'A column is generated no longer',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'The column is no longer kept up to date.',
  fix: 'Make writers fill it.',
  on: ['drop-expression'],
  check: ({ table, column }) => [
    { object: shown(table, column), table, message: `${shown(table, column)} is no longer computed` },
  ],
});
