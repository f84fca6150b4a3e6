import type { PreflightCheck } from './check.js';

/** The roles that a plan names in privileges and policies belong to the whole server and must be there. */
export const roles: PreflightCheck = {
  id: 'roles',
  check: ({ facts: { missingRoles } }) =>
    missingRoles.length === 0
      ? undefined
      : {
          severity: 'refusal',
          code: 'MISSING_ROLE',
          why: `The plan names roles that the server does not have: ${missingRoles.join(', ')}. Create them, then start again.`,
        },
};
