import { newNames } from '../about/names.js';
import { rule } from '../rule.js';

/** A name has upper-case letters. */
export const identifierCase = rule({
  id: 'identifier-case',
  title: 'A name has upper-case letters',
  severity: 'info',
  hazard: 'style',
  why: 'Every statement has to quote it; without quotes another name is meant.',
  fix: 'Use lower case.',
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
      .filter(({ name }) => /\p{Lu}/u.test(name))
      .map(({ name, at }) => ({ object: name, message: `${name} has upper-case letters`, ...at })),
});
