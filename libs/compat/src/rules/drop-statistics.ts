import { rule } from '../rule.js';

export const dropStatistics = rule({
  id: 'drop-statistics',
  title: 'A statistics object is dropped',
  severity: 'warning',
  hazard: 'performance',
  breaks: [],
  bump: 'patch',
  why: 'The planner guesses again how the columns hang together, and may choose slower plans.',
  fix: 'Compare the plans of the queries that filter or group by these columns before and after.',
  on: ['drop-object'],
  check: ({ object, value }) =>
    value.kind === 'statistics' ? [{ object, message: `Statistics object ${object} is dropped` }] : [],
});
