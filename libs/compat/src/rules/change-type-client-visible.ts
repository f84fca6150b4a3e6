import { rule } from '../rule.js';

export const changeTypeClientVisible = rule({
  id: 'change-type-client-visible',
  title: 'A type is widened',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Old readers may receive values that are larger or longer than their own type can hold.',
  fix: 'Check that the readers accept the wider values, or deploy them first.',
  on: ['change-column-type'],
  check: ({ object, from, to }, { dialect }) =>
    dialect.typeChange(from.type, to.type).effect === 'widen'
      ? [{ object, message: `Column ${object} is widened from ${from.type.native} to ${to.type.native}` }]
      : [],
});
