import { hasKey, newTables, placed } from '../about/script.js';
import { scriptRule } from '../rule.js';
import { shown } from '../told.js';

/** A table has no primary key. */
export const tableWithoutPk = scriptRule({
  id: 'table-without-pk',
  title: 'A table has no primary key',
  severity: 'warning',
  hazard: 'replication',
  why: 'Logical replication, online tools and batches need a key to tell rows apart.',
  fix: 'Give it a primary key, an identity column if nothing else serves.',
  finish: ({ entries, world }) =>
    newTables(entries, world)
      .filter(({ act }) => !act.open && !act.partitionOf && !hasKey(world, act.table))
      .map(({ act, spot }) => ({
        object: shown(act.table),
        message: `${shown(act.table)} has no primary key`,
        ...placed(spot),
      })),
});
