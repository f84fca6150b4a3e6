import type { Policy } from '@dsem/schema';
import { placed } from '../types.js';
import type { Catalogue } from './catalogue.js';
import { normalCondition } from './conditions.js';

/** A policy in normal form: for everybody and for all commands where nothing else is said. */
export const normalPolicy = (policy: Policy, catalogue: Catalogue): Policy => {
  const { command, roles = [], using, check, ...rest } = policy;
  const named = command?.toLowerCase();
  const table = placed(policy.table);
  return {
    ...rest,
    table,
    ...(named === undefined || named === 'all' ? {} : { command: named }),
    ...(roles.length === 0 ? {} : { roles: [...new Set(roles)] }),
    ...(using === undefined ? {} : { using: normalCondition(using, table, catalogue) }),
    ...(check === undefined ? {} : { check: normalCondition(check, table, catalogue) }),
  };
};
