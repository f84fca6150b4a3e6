import { newTables, placed } from '../about/script.js';
import { scriptRule } from '../rule.js';
import { shown } from '../told.js';

/** A table has no comment. */
export const commentMissing = scriptRule({
  id: 'comment-missing',
  title: 'A table has no comment',
  severity: 'info',
  hazard: 'policy',
  why: 'Whoever comes later has to guess what it is for.',
  fix: 'COMMENT ON TABLE says it.',
  optional: true,
  finish: ({ entries, world }) =>
    newTables(entries, world)
      .filter(
        ({ act }) =>
          !act.partitionOf &&
          !entries.some(
            (one) => one.act.kind === 'comment' && one.act.on === `table ${act.table.namespace}.${act.table.name}`,
          ),
      )
      .map(({ act, spot }) => ({
        object: shown(act.table),
        message: `${shown(act.table)} has no comment`,
        ...placed(spot),
      })),
});
