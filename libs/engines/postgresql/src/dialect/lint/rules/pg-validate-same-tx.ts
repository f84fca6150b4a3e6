import { levels } from '../levels.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A constraint is validated while the transaction holds a stronger lock. */
export const pgValidateSameTx = rule({
  id: 'pg-validate-same-tx',
  title: 'A constraint is validated while the transaction holds a stronger lock',
  severity: 'error',
  hazard: 'lock',
  why: 'VALIDATE alone lets writers go on, but the lock that was taken before lasts until the transaction ends, so everybody waits for the scan.',
  fix: 'Validate in a transaction of its own, after the one that added the constraint.',
  scales: true,
  on: ['validate-constraint'],
  check: ({ table, name }, { session }) => {
    const held = session.held.find(({ level }) => levels.indexOf(level) >= levels.indexOf('Share'));
    return held
      ? [
          {
            object: shown(table, name),
            table,
            message: `${shown(table, name)} is validated while the transaction has locked ${shown(held.table)} (${held.level})`,
          },
        ]
      : [];
  },
});
