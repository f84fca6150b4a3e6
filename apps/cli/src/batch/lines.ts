/** The longest request line that is kept, in bytes. */
export const maxLineBytes = 64 * 1024 * 1024;

/** A line of a stream; `tooLong` when its text was not kept. */
export type Line = { readonly text: string } | { readonly tooLong: true };

const LF = 0x0a;
const blank = /^\s*$/u;

/**
 * Cuts a stream into lines in bounded memory: a line that is too long is skipped up to its end and still told, so that
 * every request keeps its place. Blank lines are left out.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>, limit = maxLineBytes): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array): void => {
    length += part.length;
    if (length > limit) parts = [];
    else parts.push(part);
  };
  const take = (): Line | undefined => {
    const text = Buffer.concat(parts).toString('utf8');
    const line: Line = length > limit ? { tooLong: true } : { text };
    [parts, length] = [[], 0];
    return 'text' in line && blank.test(line.text) ? undefined : line;
  };
  for await (const given of chunks) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : given;
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line !== undefined) yield line;
    }
    keep(chunk.subarray(start));
  }
  const line = take();
  if (line !== undefined) yield line;
}
