import { mixed, placed } from '../about/script.js';
import { scriptRule } from '../rule.js';
import { shown } from '../told.js';

/** One script changes the schema and many rows. */
export const mixDdlDml = scriptRule({
  id: 'mix-ddl-dml',
  title: 'One script changes the schema and many rows',
  severity: 'warning',
  hazard: 'transaction',
  why: 'When it fails in between, it cannot simply be run again; and a tool that wraps it in a transaction holds the locks until the rows are done.',
  fix: 'Put the change of the rows into a script of its own.',
  once: true,
  scales: true,
  finish: ({ entries, world, session }) =>
    session.transaction?.outer === true
      ? []
      : mixed(entries, world).map(({ act, spot }) => ({
          object: shown(act.table),
          table: act.table,
          message: `The script changes the schema, and rows of ${shown(act.table)}`,
          ...placed(spot),
        })),
});
