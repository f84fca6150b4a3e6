import { isReserved, namingActs, newNamesThat } from '../about/names.js';
import { rule } from '../rule.js';

/** A name is a reserved word. */
export const identifierReserved = rule({
  id: 'identifier-reserved',
  title: 'A name is a reserved word',
  severity: 'info',
  hazard: 'style',
  why: 'Every statement has to quote it.',
  fix: 'Choose another name.',
  on: namingActs,
  check: (act) => newNamesThat(act, isReserved, 'is a reserved word'),
});
