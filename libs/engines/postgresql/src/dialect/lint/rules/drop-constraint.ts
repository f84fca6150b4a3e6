import { isNotNullProof } from '../about/constraints.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** A constraint is dropped. */
export const dropConstraint = rule({
  id: 'drop-constraint',
  title: 'A constraint is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'A guarantee disappears for readers.',
  fix: 'Check the readers.',
  on: ['drop-constraint'],
  check: ({ table, name }, { world }) => {
    const known = tableIn(world, table).constraints.find((one) => one.name === name);
    const proof =
      known?.kind === 'check' && known.columns.length === 0 && isNotNullProof(known.expression, world, table);
    const absent = !tableIn(world, table).open && known === undefined;
    return known?.kind === 'foreign key' || known?.fresh === true || proof || absent
      ? []
      : [
          {
            object: shown(table, name),
            table,
            message: `The ${known?.kind ?? 'constraint'} ${shown(table, name)} is dropped`,
          },
        ];
  },
});
