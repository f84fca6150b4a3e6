import { rule } from '../rule.js';

export const dropObject = rule({
  id: 'drop-object',
  title: 'An object of the engine is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Other objects or programs may still use it.',
  fix: 'Find what uses it, replace that, then drop it.',
  on: ['drop-object'],
  check: ({ object, value }) =>
    value.kind === 'statistics' ? [] : [{ object, message: `Object ${object} is dropped` }],
});
