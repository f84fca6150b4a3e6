import type { SessionFacts } from '@dsem/engine';

export type Direction = 'forward' | 'reverse';

/** What the catalogue says about a step, whatever the client heard. */
export type Outcome = 'APPLIED' | 'NOT_APPLIED' | 'PARTIAL' | 'UNKNOWN';

/** Why an execution ended without its target state; told to people and to the orchestrator's policy. */
export type FailureCode =
  | 'TARGET_NOT_WRITABLE'
  | 'POOLER_NOT_SUPPORTED'
  | 'MISSING_PRIVILEGE'
  | 'MISSING_ROLE'
  | 'SERVER_TOO_OLD'
  | 'PRECONDITION_DRIFT'
  | 'PLAN_MISMATCH'
  | 'IRREVERSIBLE'
  | 'LOCKED'
  | 'STALE_EPOCH'
  | 'LOCK_TIMEOUT'
  | 'STATEMENT_TIMEOUT'
  | 'DATA'
  | 'PRIVILEGE'
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'STATEMENT_FAILED'
  | 'NOT_VERIFIED'
  | 'END_STATE_DIFFERS'
  | 'UNREACHABLE';

/** Which step of how many an event is about; `index` counts from 0 in running order. */
export interface StepPlace {
  readonly step: string;
  readonly index: number;
  readonly of: number;
  readonly object: string;
}

/** What happens while a plan runs, in order; the service adds ids and puts them on the bus. */
export type ExecutionProgress =
  | { readonly type: 'PreflightPassed'; readonly checks: readonly string[]; readonly warnings: readonly string[] }
  | { readonly type: 'PreflightFailed'; readonly code: FailureCode; readonly why: string }
  | { readonly type: 'OrphanFound'; readonly session: string; readonly query: string; readonly cancelled: boolean }
  | ({ readonly type: 'StepStarted' } & StepPlace)
  | ({ readonly type: 'StepApplied'; readonly durationMs: number } & StepPlace)
  | ({ readonly type: 'StepAlreadyApplied' } & StepPlace)
  | ({
      readonly type: 'StepBlocked';
      readonly retryInMs: number;
      readonly blockers: readonly SessionFacts[];
    } & StepPlace)
  | ({ readonly type: 'DebrisRemoved' } & StepPlace)
  | ({ readonly type: 'StepFailed' } & Pick<Failure, 'code' | 'cause' | 'outcome'> & StepPlace)
  | ({ readonly type: 'StepUnknown'; readonly cause: string } & StepPlace)
  | { readonly type: 'ExecutionCompleted'; readonly digest: string; readonly durationMs: number }
  | ({ readonly type: 'ExecutionFailed' } & Failure)
  | { readonly type: 'ExecutionAborted'; readonly applied: number };

/** How a failed execution ended; `outcome` is the catalogue's word on the step that ended it. */
export interface Failure {
  readonly code: FailureCode;
  readonly cause: string;
  readonly outcome: Exclude<Outcome, 'APPLIED'>;
  /** Steps in effect when it ended. */
  readonly applied: number;
  readonly step?: string;
}

export type ExecutionResult =
  | {
      readonly status: 'completed';
      /** Live digest, equal to the plan's target. */
      readonly digest: string;
      readonly applied: number;
      readonly alreadyApplied: number;
      readonly durationMs: number;
    }
  | ({ readonly status: 'failed' } & Failure)
  | { readonly status: 'aborted'; readonly applied: number };

/** Thrown inside the protocol to end an execution with a named cause; `executePlan` turns it into a result. */
export class ExecutionStopped extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly outcome: Failure['outcome'] = 'NOT_APPLIED',
  ) {
    super(message);
  }
}

/** Thrown inside the protocol between two steps when the caller asked to stop. */
export class ExecutionAbandoned extends Error {}
