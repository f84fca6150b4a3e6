import { constraintPath, duplicatesFix, isEmptyColumn, newKeys } from '../about/constraints.js';
import { hasKeyBelow, isIndexedBelow } from '../about/partitions.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Values must be unique from now on. */
export const addUnique = rule({
  id: 'add-unique',
  title: 'Values must be unique from now on',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Duplicates make it fail, and later writers are refused.',
  fix: 'Look for duplicates first.',
  on: ['add-constraint', 'create-index', 'add-column'],
  check: (act, { world }) =>
    newKeys(act).flatMap((key) => {
      const { columns, kind } = key;
      if (act.kind === 'create-index' ? isIndexedBelow(world, act) : hasKeyBelow(world, act.table, key)) return [];
      const old = columns.length === 0 || !columns.every((column) => isEmptyColumn(world, act, column));
      return old
        ? [
            {
              object: constraintPath(act.table, key),
              table: act.table,
              ...(act.kind === 'create-index' && act.concurrently ? { severity: 'warning' as const } : {}),
              message: `${kind === 'primary key' ? 'The primary key' : 'Unique values'} of ${shown(act.table)} (${columns.join(', ') || 'an expression'}) must hold for rows and writers`,
              ...duplicatesFix(act.table, columns),
            },
          ]
        : [];
    }),
});
