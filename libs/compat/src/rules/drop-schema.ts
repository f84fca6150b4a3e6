import { rule } from '../rule.js';

export const dropSchema = rule({
  id: 'drop-schema',
  title: 'A schema is dropped',
  severity: 'error',
  hazard: 'data-loss',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Programs still look for objects in it.',
  fix: 'Move or drop its objects one by one first.',
  on: ['drop-namespace'],
  check: ({ object }) => [{ object, message: `Schema ${object} is dropped` }],
});
