import { columnPaths, expressionTouches, guaranteesUnique, tableIn } from '../lookup.js';
import { rule } from '../rule.js';

export const dropConstraint = rule({
  id: 'drop-constraint',
  title: 'A check, unique or exclusion constraint is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Old readers rely on what it guaranteed, and upserts that name it fail.',
  fix: 'Check readers and upserts before it goes.',
  on: ['drop-check', 'drop-unique', 'drop-index'],
  check: (change, { from, to }) => {
    const { object, table } = change;
    const message = `Constraint ${object} is dropped`;
    if (change.kind === 'drop-index') {
      const { keys, attributes } = change.index;
      const columns = keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
      return attributes?.['exclusion'] === true ? [{ object, message, touches: columnPaths(table, columns) }] : [];
    }
    if (change.kind === 'drop-unique') {
      const { columns } = change.unique;
      return guaranteesUnique(to, table, columns) ? [] : [{ object, message, touches: columnPaths(table, columns) }];
    }
    const { expression } = change.check;
    const kept = tableIn(to, table)?.checks.some((check) => check.expression === expression) === true;
    return kept ? [] : [{ object, message, touches: expressionTouches(from, table, expression) }];
  },
});
