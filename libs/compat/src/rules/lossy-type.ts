import { rule } from '../rule.js';

export const lossyType = rule({
  id: 'lossy-type',
  title: 'A column becomes another kind of value',
  severity: 'error',
  hazard: 'data-loss',
  breaks: ['OR', 'OW', 'NR', 'NW'],
  bump: 'major',
  why: 'Values of one kind do not all have a form in the other, and no program of either version expects both.',
  fix: 'Add a new column with the new type, convert and check the values, switch, then drop the old column.',
  on: ['change-column-type'],
  check: ({ object, from, to }, { dialect }) =>
    dialect.typeChange(from.type, to.type).effect === 'family'
      ? [{ object, message: `Column ${object} changes from ${from.type.native} to ${to.type.native}` }]
      : [],
});
