import { constraintPath, constraintsIn } from '../about/constraints.js';
import { hasKeyBelow } from '../about/partitions.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A key builds its index under an exclusive lock. */
export const pgUniquePkBlocking = rule({
  id: 'pg-unique-pk-blocking',
  title: 'A key builds its index under an exclusive lock',
  severity: 'error',
  hazard: 'lock',
  why: 'The index is built while nobody can read or write the table.',
  fix: 'Build a unique index concurrently and attach it.',
  scales: true,
  on: ['add-constraint', 'add-column'],
  check: (act, { world }) =>
    constraintsIn(act)
      .filter(({ kind, usingIndex }) => (kind === 'unique' || kind === 'primary key') && usingIndex === undefined)
      .filter((constraint) => !hasKeyBelow(world, act.table, constraint))
      .map((constraint) => ({
        object: constraintPath(act.table, constraint),
        table: act.table,
        message: `The index of the ${constraint.kind === 'unique' ? 'unique constraint' : constraint.kind} is built while ${shown(act.table)} is locked`,
      })),
});
