import { columnPaths, guaranteesUnique, tableIn } from '../lookup.js';
import { type Hit, type RuleContext, rule } from '../rule.js';
import type { ObjectName } from '@dsem/schema';

const hit = (object: string, table: ObjectName, columns: readonly string[], { from }: RuleContext): readonly Hit[] =>
  guaranteesUnique(from, table, columns)
    ? []
    : [
        {
          object,
          message: `${object} makes ${columns.join(', ')} unique`,
          touches: columnPaths(table, columns),
        },
      ];

export const addUnique = rule({
  id: 'add-unique',
  title: 'A key or unique constraint is added',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW'],
  bump: 'major',
  why: 'It fails while rows hold duplicates, and old writers that store duplicates are refused afterwards.',
  fix: 'Find and mend the duplicates, build the index online, then attach the constraint to it.',
  on: ['add-unique', 'add-primary-key'],
  check: (change, context) => {
    if (change.kind === 'add-unique') return hit(change.object, change.table, change.unique.columns, context);
    const replaced = tableIn(context.from, change.table)?.primaryKey !== undefined;
    return replaced ? [] : hit(change.object, change.table, change.primaryKey.columns, context);
  },
});
