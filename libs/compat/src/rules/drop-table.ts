import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const dropTable = rule({
  id: 'drop-table',
  title: 'A table is dropped',
  severity: 'error',
  hazard: 'data-loss',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'All rows are destroyed, and programs of the old version still read and write the table.',
  fix: 'Stop its use, rename it out of the way, wait, take a backup, then drop it.',
  on: ['drop-table'],
  check: ({ table, object }) => [{ object, message: `Table ${pathOf(table)} is dropped` }],
});
