import { rule } from '../rule.js';
import { objectsOf } from '../told.js';

/** A statement outside a transaction cannot be run again. */
export const pgNotIdempotent = rule({
  id: 'pg-not-idempotent',
  title: 'A statement outside a transaction cannot be run again',
  severity: 'warning',
  hazard: 'transaction',
  why: 'When the script stops behind it, running it again fails at this statement.',
  fix: 'Write IF NOT EXISTS or IF EXISTS, and look for an INVALID index before you go on.',
  optional: true,
  on: ['create-index', 'drop'],
  check: (act) => {
    const guarded = act.kind === 'drop' ? act.ifExists : act.ifNotExists;
    return act.concurrently && !guarded
      ? [{ object: objectsOf([act]).at(-1) ?? 'the index', message: 'A second run fails here' }]
      : [];
  },
});
