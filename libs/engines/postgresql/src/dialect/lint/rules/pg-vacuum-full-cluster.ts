import { objectOfTarget } from '../about/indexes.js';
import { rule } from '../rule.js';

/** A table is rewritten to tidy it up. */
export const pgVacuumFullCluster = rule({
  id: 'pg-vacuum-full-cluster',
  title: 'A table is rewritten to tidy it up',
  severity: 'error',
  hazard: 'rewrite',
  why: 'The whole table is copied while nobody can read or write it.',
  fix: 'Use pg_repack or pg_squeeze, or a maintenance window.',
  scales: true,
  on: ['maintain'],
  check: ({ what, target, table }) =>
    what === 'vacuum full' || what === 'cluster'
      ? [
          {
            object: objectOfTarget(target, table),
            ...(table ? { table } : {}),
            message: `${what.toUpperCase()} copies ${target}`,
          },
        ]
      : [],
});
