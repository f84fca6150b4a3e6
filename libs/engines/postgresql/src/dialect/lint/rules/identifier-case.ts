import { namingActs, newNamesThat } from '../about/names.js';
import { rule } from '../rule.js';

/** A name has upper-case letters. */
export const identifierCase = rule({
  id: 'identifier-case',
  title: 'A name has upper-case letters',
  severity: 'info',
  hazard: 'style',
  why: 'Every statement has to quote it; without quotes another name is meant.',
  fix: 'Use lower case.',
  on: namingActs,
  check: (act) => newNamesThat(act, (name) => /\p{Lu}/u.test(name), 'has upper-case letters'),
});
