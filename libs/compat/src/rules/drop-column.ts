import { rule } from '../rule.js';

export const dropColumn = rule({
  id: 'drop-column',
  title: 'A column is dropped',
  severity: 'error',
  hazard: 'data-loss',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Its values are destroyed, and readers and writers of the old version still name the column.',
  fix: 'Stop reads and writes first, wait until no old version runs, keep a copy, then drop it.',
  on: ['drop-column'],
  check: ({ object }) => [{ object, message: `Column ${object} is dropped` }],
});
