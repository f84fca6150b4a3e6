import { rule } from '../rule.js';

/** A script ends a transaction that is not its own. */
export const txControlInScript = rule({
  id: 'tx-control-in-script',
  title: 'A script ends a transaction that is not its own',
  severity: 'error',
  hazard: 'transaction',
  why: 'What follows runs outside the transaction that whoever runs the script believes in.',
  fix: 'Leave COMMIT and ROLLBACK to whoever runs the script.',
  on: ['transaction'],
  check: ({ what }, { session, inBlock, asleep }) => {
    const ends = what === 'commit' || what === 'rollback' || what === 'prepare';
    const foreign = session.transaction?.outer === true;
    return ends && foreign && !asleep
      ? [
          {
            object: what.toUpperCase(),
            message: `${what.toUpperCase()} ends the transaction around the ${inBlock ? 'block' : 'script'}`,
          },
        ]
      : [];
  },
});
