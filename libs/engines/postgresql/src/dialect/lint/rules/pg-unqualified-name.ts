import { rule } from '../rule.js';
import { settingOf } from '../session.js';

/** A name has no schema. */
export const pgUnqualifiedName = rule({
  id: 'pg-unqualified-name',
  title: 'A name has no schema',
  severity: 'warning',
  hazard: 'style',
  why: 'What it means depends on the search path of whoever runs the script.',
  fix: 'Write the schema in front, or set search_path at the top of the script.',
  optional: true,
  on: ['unqualified-name'],
  check: ({ name }, { session }) =>
    settingOf(session, 'search_path') === undefined
      ? [{ object: name, message: `${name} is named without its schema` }]
      : [],
});
