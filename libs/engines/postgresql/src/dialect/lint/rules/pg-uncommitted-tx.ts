import { scriptRule } from '../rule.js';

/** A transaction is never ended. */
export const pgUncommittedTx = scriptRule({
  id: 'pg-uncommitted-tx',
  title: 'A transaction is never ended',
  severity: 'error',
  hazard: 'transaction',
  why: 'When the connection closes, everything since BEGIN is undone; until then its locks stay.',
  fix: 'Write COMMIT at the end, or leave BEGIN out.',
  finish: ({ session: { transaction } }) =>
    transaction && !transaction.outer
      ? [
          {
            object: 'BEGIN',
            message: 'The transaction that begins here is not ended',
            at: transaction.at,
            statement: transaction.statement,
          },
        ]
      : [],
});
