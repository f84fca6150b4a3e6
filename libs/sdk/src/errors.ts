import type { FieldError, Problem } from '@dsem/api';

/** The server refused: its problem document as an error. Compare `code`, not texts. */
export class SdkError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  /** What to do about it. */
  readonly fix: string;
  /** Wrong fields of the request, when there are any. */
  readonly errors: readonly FieldError[];

  constructor(
    readonly problem: Problem,
    /** Finds the request in the server's logs and audit trail. */
    readonly correlationId?: string,
  ) {
    super(`${problem.code} ${problem.title}${problem.detail === undefined ? '' : `: ${problem.detail}`}`);
    this.name = new.target.name;
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.fix = problem.fix;
    this.errors = problem.errors ?? [];
  }
}

/** Thrown when the server does not have the feature that a method needs. */
export class NotAvailable extends SdkError {}

/** Thrown when no answer came: the network failed or the time was up, after the tries that are safe. */
export class ConnectionError extends Error {
  constructor(
    readonly method: string,
    readonly url: string,
    options: { cause?: unknown },
  ) {
    super(`${method} ${url} was not answered`, options);
    this.name = 'ConnectionError';
  }
}

/** Thrown when a wait's time is up; `last` is what was seen last. */
export class WaitTimeout extends Error {
  constructor(
    readonly waitedFor: string,
    readonly last: unknown,
  ) {
    super(`${waitedFor} did not come to an end in time`);
    this.name = 'WaitTimeout';
  }
}
