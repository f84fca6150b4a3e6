import { constraintPath, constraintsIn } from '../about/constraints.js';
import { readsRows } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** A constraint reads the table under its lock. */
export const pgConstraintNotValid = rule({
  id: 'pg-constraint-not-valid',
  title: 'A constraint reads the table under its lock',
  severity: 'error',
  hazard: 'lock',
  why: 'All rows are read under the lock of the new constraint.',
  fix: 'Add it NOT VALID, validate in a later step.',
  scales: true,
  on: ['add-constraint', 'add-column', 'alter-constraint'],
  check: (act, { version, world }) => {
    if (act.kind === 'alter-constraint')
      return act.enforced === true
        ? [
            {
              object: shown(act.table, act.name),
              table: act.table,
              message: `All rows of ${shown(act.table)} are read to enforce ${act.name}`,
            },
          ]
        : [];
    const reads = constraintsIn(act).filter((one) =>
      act.kind === 'add-column'
        ? readsRows(act.column, one)
        : (one.kind === 'check' || one.kind === 'foreign key') && !one.notValid && !one.notEnforced,
    );
    return reads.map((constraint) => ({
      object: constraintPath(act.table, constraint),
      table: act.table,
      message: `All rows of ${shown(act.table)} are read while the ${constraint.kind} is added`,
      ...(constraint.kind === 'foreign key' && tableIn(world, act.table).partitioned && version < 18
        ? {
            fix: 'A foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18: add it to each partition.',
          }
        : {}),
    }));
  },
});
