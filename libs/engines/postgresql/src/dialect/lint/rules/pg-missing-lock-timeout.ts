import { effectOf, isBlocking } from '../effects.js';
import { rule } from '../rule.js';
import { isLimited } from '../session.js';
import { shown } from '../told.js';

/** A lock is waited for without end. */
export const pgMissingLockTimeout = rule({
  id: 'pg-missing-lock-timeout',
  title: 'A lock is waited for without end',
  severity: 'warning',
  hazard: 'timeout',
  why: 'While a statement waits for an exclusive lock, everybody who comes later waits behind it: one long query stops the table.',
  fix: "SET lock_timeout = '3s' before it, and try again when it runs out.",
  once: true,
  on: [
    'add-column',
    'drop-column',
    'change-type',
    'set-default',
    'drop-default',
    'set-not-null',
    'drop-not-null',
    'change-identity',
    'change-expression',
    'drop-expression',
    'add-constraint',
    'drop-constraint',
    'alter-constraint',
    'attach-partition',
    'detach-partition',
    'rewrite-table',
    'toggle-trigger',
    'row-security',
    'replica-identity',
    'table-option',
    'change-owner',
    'rename',
    'move',
    'drop',
    'truncate',
    'lock-table',
    'create-index',
    'create-table',
    'create-trigger',
    'create-policy',
    'create-rule',
    'maintain',
  ],
  check: (act, scene) => {
    const effect = effectOf(act, scene);
    const quick = act.kind === 'create-table' && act.partitionOf === undefined;
    const [table] = effect.tables;
    return isBlocking(effect) && !quick && table && !isLimited(scene.session, 'lock_timeout')
      ? [
          {
            object: shown(table),
            table,
            message: `${shown(table)} is locked (${effect.level}) and no lock_timeout is set`,
          },
        ]
      : [];
  },
});
