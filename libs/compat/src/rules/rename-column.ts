import { rule } from '../rule.js';

export const renameColumn = rule({
  id: 'rename-column',
  title: 'A column is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'During the rollout old and new programs run side by side, and each knows only one of the names.',
  fix: 'Add the new column, write both, copy the old values, switch the readers, then drop the old column.',
  on: ['rename-column'],
  check: ({ object, to }) => [{ object, message: `Column ${object} is renamed to ${to}` }],
});
