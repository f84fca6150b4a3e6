import { namingActs, newNamesThat } from '../about/names.js';
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
  on: namingActs,
  check: (act) => newNamesThat(act, (name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name), 'is not in snake_case'),
});
