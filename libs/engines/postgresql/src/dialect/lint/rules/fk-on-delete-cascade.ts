import { constraintPath, constraintsIn } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A foreign key deletes rows along with others. */
export const fkOnDeleteCascade = rule({
  id: 'fk-on-delete-cascade',
  title: 'A foreign key deletes rows along with others',
  severity: 'info',
  hazard: 'data-loss',
  why: 'A delete in one table spreads to others, and nobody sees it in the statement.',
  fix: 'Make sure that this is meant; RESTRICT is the careful choice.',
  on: ['add-constraint', 'add-column'],
  check: (act) =>
    constraintsIn(act)
      .filter(({ onDelete }) => onDelete === 'cascade')
      .map((constraint) => ({
        object: constraintPath(act.table, constraint),
        table: act.table,
        message: `Rows of ${shown(act.table)} go when their partner in ${constraint.references ? shown(constraint.references) : 'the other table'} is deleted`,
      })),
});
