import { rule } from '../rule.js';

/** A database is dropped. */
export const dropDatabase = rule({
  id: 'drop-database',
  title: 'A database is dropped',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Everything in it is destroyed.',
  fix: 'Take a backup, and let a person do it.',
  on: ['database'],
  check: ({ what, name }) => (what === 'drop' ? [{ object: name, message: `The database ${name} is dropped` }] : []),
});
