import { padding } from '../about/columns.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Columns stand in an order that wastes room. */
export const pgColumnAlignment = rule({
  id: 'pg-column-alignment',
  title: 'Columns stand in an order that wastes room',
  severity: 'info',
  hazard: 'style',
  why: 'Each wide column behind a narrow one is padded, in every row.',
  fix: 'Put columns of 8 bytes first, then 4, 2, 1, then those of variable length.',
  optional: true,
  on: ['create-table'],
  check: (act) => {
    const [now, best] = padding(act.columns);
    return now - best >= 8
      ? [
          {
            object: shown(act.table),
            message: `Another order of the columns of ${shown(act.table)} saves ${now - best} bytes a row`,
          },
        ]
      : [];
  },
});
