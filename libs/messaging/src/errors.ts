/** Thrown by `publish` when the bus did not acknowledge in time: the messages may or may not be there; send them again. */
export class BusUnavailable extends Error {
  readonly code = 'DSEM-9002';
  constructor(
    readonly bus: string,
    options?: ErrorOptions,
  ) {
    super(`the ${bus} bus did not acknowledge`, options);
    this.name = 'BusUnavailable';
  }
}

/** Thrown by `publish` for a message that no consumer would accept. */
export class MessageTooLarge extends Error {
  readonly code = 'DSEM-1004';
  constructor(
    readonly id: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`message ${id} has ${bytes} bytes, at most ${limit} are allowed`);
    this.name = 'MessageTooLarge';
  }
}

/** Thrown by `replay` while another replay of the same key runs, perhaps in another process. */
export class ReplayInProgress extends Error {
  readonly code = 'DSEM-4009';
  constructor(
    readonly consumer: string,
    readonly key: string,
  ) {
    super(`key ${key} of ${consumer} is being replayed by somebody else`);
    this.name = 'ReplayInProgress';
  }
}
