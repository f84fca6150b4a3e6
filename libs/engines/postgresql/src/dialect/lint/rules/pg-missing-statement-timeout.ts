import { effectOf, isBlocking } from '../effects.js';
import { rule } from '../rule.js';
import { isLimited } from '../session.js';
import { shown } from '../told.js';

/** A long statement under a lock has no limit. */
export const pgMissingStatementTimeout = rule({
  id: 'pg-missing-statement-timeout',
  title: 'A long statement under a lock has no limit',
  severity: 'warning',
  hazard: 'timeout',
  why: 'It keeps others waiting as long as it runs, and nothing ends it.',
  fix: 'SET statement_timeout before it.',
  once: true,
  scales: true,
  on: [
    'add-column',
    'change-type',
    'set-not-null',
    'add-constraint',
    'rewrite-table',
    'create-index',
    'maintain',
    'change-expression',
    'alter-constraint',
  ],
  check: (act, scene) => {
    const effect = effectOf(act, scene);
    const [table] = effect.tables;
    const others = act.kind !== 'maintain' || act.what !== 'refresh';
    const long = effect.cost === 'scan' || effect.cost === 'build' || effect.cost === 'rewrite';
    return isBlocking(effect) && others && long && table && !isLimited(scene.session, 'statement_timeout')
      ? [
          {
            object: shown(table),
            table,
            message: `${shown(table)} is locked for the time of a ${effect.cost} and no statement_timeout is set`,
          },
        ]
      : [];
  },
});
