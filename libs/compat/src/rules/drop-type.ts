import { rule } from '../rule.js';

export const dropType = rule({
  id: 'drop-type',
  title: 'A type is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Columns, routines and programs still use it.',
  fix: 'Move its users to another type, wait until no old version runs, then drop it.',
  on: ['drop-type'],
  check: ({ object }) => [{ object, message: `Type ${object} is dropped` }],
});
