import { isNew } from '../about/objects.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** CASCADE drops what the script does not name. */
export const pgDropCascade = rule({
  id: 'pg-drop-cascade',
  title: 'CASCADE drops what the script does not name',
  severity: 'error',
  hazard: 'data-loss',
  why: 'Objects that depend on it go too, and nobody has read which.',
  fix: 'Name each object that is to go, and drop it in a statement of its own.',
  on: ['drop', 'drop-column', 'drop-constraint'],
  check: (act, { world }) => {
    if (!act.cascade) return [];
    if (act.kind !== 'drop') {
      const part = act.kind === 'drop-column' ? act.column : act.name;
      return [
        {
          object: shown(act.table, part),
          table: act.table,
          message: `What depends on ${shown(act.table, part)} is dropped as well`,
        },
      ];
    }
    const fresh = act.what === 'table' ? { table: act.name } : {};
    return isNew(world, act.what, act.name)
      ? []
      : [{ object: shown(act.name), ...fresh, message: `What depends on ${shown(act.name)} is dropped as well` }];
  },
});
