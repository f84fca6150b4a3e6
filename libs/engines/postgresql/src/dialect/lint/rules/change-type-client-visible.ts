import { typeMove } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Clients see another type. */
export const changeTypeClientVisible = rule({
  id: 'change-type-client-visible',
  title: 'Clients see another type',
  severity: 'warning',
  hazard: 'breaks-clients',
  why: 'Drivers decode another type.',
  fix: 'Check what the clients expect.',
  on: ['change-type'],
  check: (act, scene) => {
    const { visible, from } = typeMove(act, scene);
    return visible && from !== undefined
      ? [
          {
            object: shown(act.table, act.column),
            table: act.table,
            message: `Clients receive ${act.type} instead of ${from} from ${shown(act.table, act.column)}`,
          },
        ]
      : [];
  },
});
