/** Thrown inside the reading of an export when bytes are no line of text; `verifyExport` reports it with its place. */
export class UnreadableLine extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'UnreadableLine';
  }
}

/** The longest line a verifier holds in memory, in bytes. */
export const maxLineBytes = 16 * 1024 * 1024;

const LF = 0x0a;

const decode = (parts: readonly Uint8Array[]): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    throw new UnreadableLine('The line is not valid UTF-8.');
  }
};

/**
 * Cuts a file into lines without forgiving anything: only LF ends a line, the last line has one, bytes are UTF-8.
 * Ordinary line readers drop a carriage return or a missing end, and so would hide a changed byte.
 */
export async function* exportLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      yield decode([...pending, chunk.subarray(start, end)]);
      [pending, length, start] = [[], 0, end + 1];
    }
    if (start === chunk.length) continue;
    pending.push(chunk.slice(start));
    length += chunk.length - start;
    if (length > maxLineBytes) throw new UnreadableLine(`The line is longer than ${maxLineBytes} bytes.`);
  }
  if (pending.length > 0) throw new UnreadableLine('The last line has no line end.');
}
