import { Refusal } from '@dsem/schema';

/** Thrown when an envelope cannot be written as canonical JSON (a lone surrogate, a number that JSON cannot hold). */
export class UnrecordableEnvelope extends Refusal {
  readonly code = 'DSEM-5001';
  readonly title = 'The event cannot be recorded in the audit ledger';
  readonly fix = 'Send the event again with text in valid Unicode and finite numbers.';
}

/** Thrown when a text is no signed note of the form C2SP describes, or its signature is not of the expected key. */
export class InvalidNote extends Refusal {
  readonly code = 'DSEM-5002';
  readonly title = 'The checkpoint is not validly signed';
  readonly fix = 'Take the checkpoint from the audit service again, and check the public key it is verified with.';
}

/** Thrown when a public or private key is no Ed25519 key, or its text form is damaged. */
export class InvalidLedgerKey extends Refusal {
  readonly code = 'DSEM-5003';
  readonly title = 'The audit key is not usable';
  readonly fix = 'Give an Ed25519 key: PEM, or for public keys the form name+id+key that the audit service prints.';
}

/** Thrown when an export is asked for entries that do not follow each other from entry 0. */
export class LedgerGap extends Refusal {
  readonly code = 'DSEM-5004';
  readonly title = 'The audit ledger has a gap';
  readonly fix = 'Verify the ledger as it is stored; restore the missing entries from a backup or an export.';
}
