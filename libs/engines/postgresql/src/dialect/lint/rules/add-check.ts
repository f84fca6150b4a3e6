import { constraintPath } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A check is added. */
export const addCheck = rule({
  id: 'add-check',
  title: 'A check is added',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'Rows and writers that break the condition are refused.',
  fix: 'Look for violating rows first.',
  on: ['add-constraint', 'alter-constraint'],
  check: (act) => {
    if (act.kind === 'alter-constraint')
      return act.enforced === true
        ? [
            {
              object: shown(act.table, act.name),
              table: act.table,
              message: `The constraint ${shown(act.table, act.name)} is enforced from now on`,
            },
          ]
        : [];
    const { kind, notValid, notEnforced } = act.constraint;
    return kind === 'check' && !notEnforced
      ? [
          {
            object: constraintPath(act.table, act.constraint),
            table: act.table,
            ...(notValid ? { severity: 'info' as const } : {}),
            message: `Rows and writers of ${shown(act.table)} must satisfy the new check${notValid ? '; rows that are there are not checked yet' : ''}`,
          },
        ]
      : [];
  },
});
