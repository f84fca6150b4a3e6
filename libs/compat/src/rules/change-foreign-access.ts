import { rule } from '../rule.js';

const kinds = new Set(['foreign-data-wrapper', 'server', 'user-mapping']);

export const changeForeignAccess = rule({
  id: 'change-foreign-access',
  title: 'The way to data elsewhere changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Foreign tables may read other rows from now on, or none.',
  fix: 'Read a few rows through it right after the change.',
  on: ['alter-object'],
  check: ({ object, from, to }) =>
    kinds.has(to.kind) && JSON.stringify(from.definition) !== JSON.stringify(to.definition)
      ? [{ object, message: `The way through ${object} changes` }]
      : [],
});
