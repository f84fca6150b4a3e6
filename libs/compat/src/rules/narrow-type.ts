import { rule } from '../rule.js';

export const narrowType = rule({
  id: 'narrow-type',
  title: 'A type is narrowed',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW', 'NR'],
  bump: 'major',
  why: 'Values that fitted before are refused or cut, those in stored rows as well as those of old writers.',
  fix: 'Find the values that do not fit, add a new column with the new type, copy, switch, then drop the old one.',
  on: ['change-column-type'],
  check: ({ object, from, to }, { dialect }) =>
    dialect.typeChange(from.type, to.type).effect === 'narrow'
      ? [{ object, message: `Column ${object} is narrowed from ${from.type.native} to ${to.type.native}` }]
      : [],
});
