import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const renameTable = rule({
  id: 'rename-table',
  title: 'A table is renamed',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW', 'NR'],
  bump: 'major',
  why: 'During the rollout old and new programs run side by side, and each knows only one of the names.',
  fix: 'Leave a view under the old name until no old version runs, or expand and contract with a new table.',
  on: ['rename-table'],
  check: ({ object, to }) => [{ object, message: `Table ${object} is renamed to ${pathOf(to)}` }],
});
