import { equal, type Json } from '@dsem/schema';
import { rule } from '../rule.js';

const counted = ({ target: _, ...definition }: { readonly [part: string]: Json }): Json => definition;

export const changeStatistics = rule({
  id: 'change-statistics',
  title: 'What a statistics object counts changes',
  severity: 'warning',
  hazard: 'performance',
  breaks: [],
  bump: 'patch',
  why: 'What was counted is gone until the next ANALYZE; until then the planner guesses.',
  fix: 'Run ANALYZE on the table right after the change.',
  on: ['alter-object'],
  check: ({ object, from, to }) =>
    to.kind === 'statistics' && !equal(counted(from.definition), counted(to.definition))
      ? [{ object, message: `What ${object} counts changes` }]
      : [],
});
