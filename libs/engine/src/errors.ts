import { Refusal } from '@dsem/schema';
import type { FailureKind } from './driver.js';

/** Thrown when a database cannot be reached or refuses the log-in; the message never holds the password. */
export class ConnectionFailed extends Refusal {
  readonly code = 'DSEM-3001';
  readonly title = 'The database could not be reached';
  readonly fix = 'Check network, address, credentials and TLS settings, then try again.';
}

/** Thrown when a statement of a step did not succeed. */
export class StatementFailed extends Refusal {
  readonly code = 'DSEM-3002';
  readonly title = 'A statement failed';
  readonly fix = 'Read the cause; a lock timeout is retried, a data error needs the rows mended first.';
  constructor(
    detail: string,
    readonly kind: FailureKind,
    readonly statement: number,
    cause?: unknown,
  ) {
    super(detail, { cause });
  }
}

/** Thrown when a newer agent has raised the fencing epoch of the target; nothing was done. */
export class StaleEpoch extends Refusal {
  readonly code = 'DSEM-3003';
  readonly title = 'A newer agent has taken over this database';
  readonly fix = 'Let the newer agent finish; stop this one.';
}
