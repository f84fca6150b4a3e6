import { rule } from '../rule.js';

/** A transaction begins inside another. */
export const pgTxNesting = rule({
  id: 'pg-tx-nesting',
  title: 'A transaction begins inside another',
  severity: 'error',
  hazard: 'transaction',
  why: 'PostgreSQL has no nested transactions: the second BEGIN does nothing, and the first COMMIT ends everything.',
  fix: 'Leave BEGIN and COMMIT to whoever runs the script, or use SAVEPOINT.',
  on: ['transaction'],
  check: ({ what }, { session }) =>
    what === 'begin' && session.transaction
      ? [
          {
            object: 'BEGIN',
            message: `A transaction is open already${session.transaction.outer ? ': whoever runs the script has begun it' : ''}`,
          },
        ]
      : [],
});
