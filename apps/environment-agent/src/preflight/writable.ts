import type { PreflightCheck } from './check.js';

/** A standby or a read-only session cannot be migrated. */
export const writable: PreflightCheck = {
  id: 'writable',
  check: ({ facts }) =>
    facts.writable
      ? undefined
      : {
          severity: 'refusal',
          code: 'TARGET_NOT_WRITABLE',
          why: 'The server is a read-only replica, or the role may only read: connect to the primary with a writing role.',
        },
};
