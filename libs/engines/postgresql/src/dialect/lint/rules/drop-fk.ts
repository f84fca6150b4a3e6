import { rule } from '../rule.js';
import { shown } from '../told.js';
import { tableIn } from '../world/world.js';

/** A foreign key is dropped. */
export const dropFk = rule({
  id: 'drop-fk',
  title: 'A foreign key is dropped',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Orphans can appear.',
  fix: 'Check the readers.',
  on: ['drop-constraint'],
  check: ({ table, name }, { world }) => {
    const known = tableIn(world, table).constraints.find((one) => one.name === name);
    return known?.kind === 'foreign key' && !known.fresh
      ? [{ object: shown(table, name), table, message: `The foreign key ${shown(table, name)} is dropped` }]
      : [];
  },
});
