/** Thrown when an event id was used before for another event; nothing was appended. */
export class EventIdReused extends Error {
  readonly code = 'DSEM-4002';
  constructor(
    readonly stream: string,
    options?: ErrorOptions,
  ) {
    super(`an event id given for stream ${stream} already belongs to another event`, options);
    this.name = 'EventIdReused';
  }
}
