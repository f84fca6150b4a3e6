import { columnPaths, tableIn } from '../lookup.js';
import { sameReference } from '../reference.js';
import { rule } from '../rule.js';

export const addForeignKey = rule({
  id: 'add-fk',
  title: 'A foreign key is added',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'Old writers that store orphans, or delete rows that are referred to, are refused from that moment.',
  fix: 'Find the orphans, let all writers obey, add it NOT VALID, and validate it in a step of its own.',
  on: ['add-foreign-key'],
  check: ({ object, table, foreignKey }, { from }) =>
    tableIn(from, table)?.foreignKeys.some((key) => sameReference(key, foreignKey)) === true
      ? []
      : [{ object, message: `Foreign key ${object} is added`, touches: columnPaths(table, foreignKey.columns) }],
});
