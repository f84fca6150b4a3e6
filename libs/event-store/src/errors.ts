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

/** The largest event in bytes of JSON: with its envelope it still fits into one message of any bus (1 MB). */
export const maxEventBytes = 900_000;

/** Thrown when an event's data is so large that no bus would carry it; nothing was appended. Keep bodies by digest. */
export class EventTooLarge extends Error {
  readonly code = 'DSEM-1004';
  constructor(
    readonly stream: string,
    readonly bytes: number,
  ) {
    super(`an event for stream ${stream} has ${bytes} bytes, at most ${maxEventBytes} are allowed`);
    this.name = 'EventTooLarge';
  }
}

/** The JSON text of an event's data. @throws EventTooLarge */
export const eventText = (stream: string, data: unknown): string => {
  const text = JSON.stringify(data ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxEventBytes) throw new EventTooLarge(stream, bytes);
  return text;
};
