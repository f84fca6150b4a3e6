import { rule } from '../rule.js';

export const setNotNull = rule({
  id: 'set-not-null',
  title: 'A column becomes NOT NULL',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'It fails while a row holds NULL, and old writers that send NULL are refused afterwards.',
  fix: 'Let all writers send a value, fill the rows, then prove it by a validated check before setting it.',
  on: ['set-not-null'],
  check: ({ object }) => [{ object, message: `Column ${object} becomes NOT NULL` }],
});
