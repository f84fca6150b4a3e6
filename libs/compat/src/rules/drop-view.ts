import { rule } from '../rule.js';

export const dropView = rule({
  id: 'drop-view',
  title: 'A view is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Programs and other views still read it.',
  fix: 'Move its readers elsewhere, wait until no old version runs, then drop it.',
  on: ['drop-view'],
  check: ({ object }) => [{ object, message: `View ${object} is dropped` }],
});
