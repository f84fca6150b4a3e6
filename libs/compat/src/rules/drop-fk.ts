import { columnPaths, tableIn } from '../lookup.js';
import { sameReference } from '../reference.js';
import { rule } from '../rule.js';

export const dropForeignKey = rule({
  id: 'drop-fk',
  title: 'A foreign key is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'minor',
  why: 'Old readers rely on every reference having its row.',
  fix: 'Check that the readers bear orphans.',
  on: ['drop-foreign-key'],
  check: ({ object, table, foreignKey }, { to }) =>
    tableIn(to, table)?.foreignKeys.some((key) => sameReference(key, foreignKey)) === true
      ? []
      : [{ object, message: `Foreign key ${object} is dropped`, touches: columnPaths(table, foreignKey.columns) }],
});
