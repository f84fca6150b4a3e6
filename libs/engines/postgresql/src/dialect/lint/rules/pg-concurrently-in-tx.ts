import { outsideOnly } from '../about/indexes.js';
import { rule } from '../rule.js';
import { objectsOf } from '../told.js';

/** A statement cannot run inside a transaction. */
export const pgConcurrentlyInTx = rule({
  id: 'pg-concurrently-in-tx',
  title: 'A statement cannot run inside a transaction',
  severity: 'error',
  hazard: 'transaction',
  why: 'The server refuses it inside a transaction block.',
  fix: 'Run it outside a transaction, in a script or step of its own.',
  on: ['create-index', 'drop', 'maintain', 'detach-partition', 'database'],
  check: (act, { session, inBlock }) => {
    const what = outsideOnly(act);
    return what !== undefined && (session.transaction !== undefined || inBlock)
      ? [{ object: objectsOf([act]).at(-1) ?? what, message: `${what} cannot run inside a transaction` }]
      : [];
  },
});
