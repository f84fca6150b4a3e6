import { isReserved, newNames } from '../about/names.js';
import { rule } from '../rule.js';

/** A name is a reserved word. */
export const identifierReserved = rule({
  id: 'identifier-reserved',
  title: 'A name is a reserved word',
  severity: 'info',
  hazard: 'style',
  why: 'Every statement has to quote it.',
  fix: 'Choose another name.',
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
      .filter(({ name }) => isReserved(name))
      .map(({ name, at }) => ({ object: name, message: `${name} is a reserved word`, ...at })),
});
