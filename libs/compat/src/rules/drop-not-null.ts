import { rule } from '../rule.js';

export const dropNotNull = rule({
  id: 'drop-not-null',
  title: 'A column may hold NULL',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Old readers do not expect NULL there.',
  fix: 'Check or deploy the readers before the first writer stores NULL.',
  on: ['drop-not-null'],
  check: ({ object }) => [{ object, message: `Column ${object} may become NULL` }],
});
