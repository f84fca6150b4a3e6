import { rule } from '../rule.js';
import { objectsOf } from '../told.js';

/** This server builds broken indexes concurrently. */
export const pgCicBug14 = rule({
  id: 'pg-cic-bug-14',
  title: 'This server builds broken indexes concurrently',
  severity: 'error',
  hazard: 'data-loss',
  why: 'PostgreSQL 14.0 to 14.3 can leave rows out of an index that is built or rebuilt concurrently.',
  fix: 'Upgrade to 14.4 or newer first.',
  on: ['create-index', 'maintain'],
  check: (act, { version }) => {
    const built = act.kind === 'create-index' || act.what === 'reindex';
    return built && act.concurrently && version > 14 && version < 14.04
      ? [
          {
            object: objectsOf([act]).at(-1) ?? 'the index',
            ...(act.kind === 'create-index' ? { table: act.table } : {}),
            message: 'The index can miss rows',
          },
        ]
      : [];
  },
});
