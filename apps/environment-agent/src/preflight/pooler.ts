import type { PreflightCheck } from './check.js';

/** Behind a transaction pooler the session lock would belong to nobody. */
export const pooler: PreflightCheck = {
  id: 'pooler',
  check: ({ facts }) =>
    facts.pooled
      ? {
          severity: 'refusal',
          code: 'POOLER_NOT_SUPPORTED',
          why: 'A connection pooler stands between agent and server: give the agent the address of the server itself.',
        }
      : undefined,
};
