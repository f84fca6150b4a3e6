import { rule } from '../rule.js';

/** A name points into another database. */
export const crossDbReference = rule({
  id: 'cross-db-reference',
  title: 'A name points into another database',
  severity: 'warning',
  hazard: 'style',
  why: 'PostgreSQL has no queries across databases; the name works only while the database is called so.',
  fix: 'Leave the database out of the name.',
  on: ['foreign-name'],
  check: ({ catalog, name }) => [{ object: name, message: `${name} is named with its database ${catalog}` }],
});
