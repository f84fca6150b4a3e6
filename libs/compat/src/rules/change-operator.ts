import { equal } from '@dsem/schema';
import { rule } from '../rule.js';

const kinds = new Set(['operator', 'operator-class', 'operator-family', 'cast', 'conversion', 'transform']);

export const changeOperator = rule({
  id: 'change-operator',
  title: 'How values are compared, computed or converted changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'The same query may give other results, or fail where it did not.',
  fix: 'Compare results of the queries that use it before and after, and rebuild indexes that were made with it.',
  on: ['alter-object'],
  check: ({ object, from, to }) =>
    kinds.has(to.kind) && !equal(from.definition, to.definition)
      ? [{ object, message: `What ${object} does changes` }]
      : [],
});
