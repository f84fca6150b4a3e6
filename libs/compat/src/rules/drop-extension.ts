import { rule } from '../rule.js';

export const dropExtension = rule({
  id: 'drop-extension',
  title: 'An extension is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Its types, functions and operators go with it.',
  fix: 'Find what uses it, replace that, then drop it.',
  on: ['drop-extension'],
  check: ({ object }) => [{ object, message: `Extension ${object} is dropped` }],
});
