import type { PreflightCheck } from './check.js';

/** Long transactions do not forbid a plan: its lock timeouts will, if they really stand in the way. */
export const longTransactions: PreflightCheck = {
  id: 'long-transactions',
  check: ({ facts }) => {
    if (facts.longTransactions.length === 0) return undefined;
    const list = facts.longTransactions.map((each) => `${each.session} for ${Math.round(each.seconds)} s`);
    return { severity: 'warning', why: `Transactions are open: ${list.join(', ')}.` };
  },
};
