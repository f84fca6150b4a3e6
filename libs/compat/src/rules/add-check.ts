import { expressionTouches, tableIn } from '../lookup.js';
import { rule } from '../rule.js';

export const addCheck = rule({
  id: 'add-check',
  title: 'A check is added',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'Old writers that store other values are refused from that moment, even while old rows are not yet checked.',
  fix: 'Find the rows that violate it, let all writers obey, add it NOT VALID, and validate it in a step of its own.',
  on: ['add-check'],
  check: ({ object, table, check }, { from, to }) =>
    tableIn(from, table)?.checks.some(({ expression }) => expression === check.expression) === true
      ? []
      : [
          {
            object,
            message: `Check ${object} (${check.expression}) is added`,
            touches: expressionTouches(to, table, check.expression),
          },
        ],
});
