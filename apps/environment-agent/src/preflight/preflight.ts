import type { FailureCode } from '../execution/outcome.js';
import type { PreflightCheck, PreflightView } from './check.js';
import { longTransactions } from './locks.js';
import { pooler } from './pooler.js';
import { privileges } from './privileges.js';
import { roles } from './roles.js';
import { serverVersion } from './server-version.js';
import { writable } from './writable.js';

/** All checks, in the order in which they are asked. */
export const preflightChecks: readonly PreflightCheck[] = [
  writable,
  pooler,
  serverVersion,
  privileges,
  roles,
  longTransactions,
];

export interface PreflightReport {
  readonly checks: readonly string[];
  readonly refusal?: { readonly code: FailureCode; readonly why: string };
  readonly warnings: readonly string[];
}

/** Asks every check up to the first refusal. */
export const preflight = (view: PreflightView): PreflightReport => {
  const checks: string[] = [];
  const warnings: string[] = [];
  for (const { id, check } of preflightChecks) {
    checks.push(id);
    const problem = check(view);
    if (problem?.severity === 'refusal') return { checks, warnings, refusal: problem };
    if (problem?.severity === 'warning') warnings.push(problem.why);
  }
  return { checks, warnings };
};
