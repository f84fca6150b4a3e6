import { keyOf } from '../../parse/draft.js';
import { rewriteReason } from '../facts.js';
import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A domain with a constraint is used or changed. */
export const pgDomainConstraint = rule({
  id: 'pg-domain-constraint',
  title: 'A domain with a constraint is used or changed',
  severity: 'warning',
  hazard: 'rewrite',
  why: 'A new column of the domain copies the table, and a new constraint of the domain reads every table that uses it while writes wait.',
  fix: 'Use the base type and a check of the table, which can be NOT VALID first.',
  on: ['add-column', 'alter-domain'],
  check: (act, scene) => {
    if (act.kind === 'add-column')
      return rewriteReason(act, scene) === 'domain'
        ? [
            {
              object: shown(act.table, act.column.name),
              table: act.table,
              severity: 'error',
              message: `The table is rewritten to check ${shown(act.table, act.column.name)} against ${act.column.type}`,
            },
          ]
        : [];
    const fresh = scene.world.types.get(keyOf(act.domain))?.fresh === true;
    return act.what === 'add' && !act.notValid && !fresh
      ? [{ object: shown(act.domain), message: `Every table that uses ${shown(act.domain)} is read while writes wait` }]
      : [];
  },
});
