import { isIndexed } from '../about/indexes.js';
import { newForeignKeys, placed } from '../about/script.js';
import { scriptRule } from '../rule.js';
import { shown } from '../told.js';

/** A foreign key has no index of its own. */
export const fkWithoutIndex = scriptRule({
  id: 'fk-without-index',
  title: 'A foreign key has no index of its own',
  severity: 'warning',
  hazard: 'performance',
  why: 'Deletes and key updates of the other table read this one from end to end.',
  fix: 'Make an index that begins with the columns of the foreign key.',
  finish: ({ entries, world }) =>
    newForeignKeys(entries, world)
      .filter(({ table, columns }) => !isIndexed(world, table, columns))
      .map(({ table, columns, spot }) => ({
        object: shown(table, columns.join('_')),
        message: `No index of ${shown(table)} begins with ${columns.join(', ')}`,
        ...placed(spot),
      })),
});
