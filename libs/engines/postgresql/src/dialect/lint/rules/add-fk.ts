import { constraintPath, constraintsIn, isEmptyColumn } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A foreign key is added. */
export const addFk = rule({
  id: 'add-fk',
  title: 'A foreign key is added',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Rows and writers without a partner are refused.',
  fix: 'Look for orphans first.',
  on: ['add-constraint', 'add-column'],
  check: (act, { world }) =>
    constraintsIn(act).flatMap((constraint) => {
      const { kind, columns, references, notValid, notEnforced } = constraint;
      const empty = columns.every((column) => isEmptyColumn(world, act, column));
      if (kind !== 'foreign key' || notEnforced || empty || !references) return [];
      return [
        {
          object: constraintPath(act.table, constraint),
          table: act.table,
          ...(notValid ? { severity: 'info' as const } : {}),
          message: `Rows and writers of ${shown(act.table)} must have a partner in ${shown(references)}${notValid ? '; rows that are there are not checked yet' : ''}`,
        },
      ];
    }),
});
