import { newNames } from '../about/names.js';
import { rule } from '../rule.js';

/** A name is not in snake_case. */
export const namingConvention = rule({
  id: 'naming-convention',
  title: 'A name is not in snake_case',
  severity: 'info',
  hazard: 'policy',
  why: 'Names of one form are found and typed more easily.',
  fix: 'Use lower-case letters, digits and single underscores.',
  optional: true,
  on: [
    'create-table',
    'create-index',
    'create-view',
    'create-type',
    'create-sequence',
    'create-schema',
    'create-routine',
    'add-column',
    'rename',
  ],
  check: (act) =>
    newNames(act)
      .filter(({ name }) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
      .map(({ name, at }) => ({ object: name, message: `${name} is not in snake_case`, ...at })),
});
