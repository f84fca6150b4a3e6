import { reachOf } from '../about/rows.js';
import { levels } from '../levels.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** Rows are changed while the transaction holds a lock of a schema change. */
export const backfillInDdlTx = rule({
  id: 'backfill-in-ddl-tx',
  title: 'Rows are changed while the transaction holds a lock of a schema change',
  severity: 'error',
  hazard: 'lock',
  why: 'The lock of the schema change lasts until the rows are done, and everybody waits for it.',
  fix: 'Commit the schema change first and change the rows afterwards, in batches.',
  scales: true,
  on: ['write'],
  check: (act, { world, session }) => {
    const held = session.held.find(({ level }) => levels.indexOf(level) >= levels.indexOf('ShareRowExclusive'));
    const broad = reachOf(act, world) !== 'few';
    return session.transaction && held && broad
      ? [
          {
            object: shown(act.table),
            table: act.table,
            message: `The ${act.verb} of ${shown(act.table)} runs while ${shown(held.table)} is locked (${held.level})`,
          },
        ]
      : [];
  },
});
