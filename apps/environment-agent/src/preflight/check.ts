import type { PreflightFacts } from '@dsem/engine';
import type { FailureCode } from '../execution/outcome.js';
import type { DirectedStep } from '../execution/route.js';

/** What a check may look at; gathered once. */
export interface PreflightView {
  readonly facts: PreflightFacts;
  readonly serverVersion: string;
  readonly plannedVersion: string;
  readonly steps: readonly DirectedStep[];
}

/** What a check has found: a refusal ends the execution before it begins, a warning is told. */
export type PreflightProblem =
  | { readonly severity: 'refusal'; readonly code: FailureCode; readonly why: string }
  | { readonly severity: 'warning'; readonly why: string };

/** One question asked before the first step. */
export interface PreflightCheck {
  readonly id: string;
  readonly check: (view: PreflightView) => PreflightProblem | undefined;
}
