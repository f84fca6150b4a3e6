import { CliProblem } from '../problem.js';

/** The largest state that is read, in bytes. */
export const maxStateBytes = 64 * 1024 * 1024;

const wrong = (detail: string, file: string, line: number, column: number, fix: string): CliProblem =>
  new CliProblem('DSEM-2001', 'The definition is not valid', detail, fix, { file, line, column });

const notText = 'Give a text file in UTF-8; a binary dump has to be written as SQL first.';

const decoder = (bytes: Uint8Array): InstanceType<typeof TextDecoder> => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
};

const placeOf = (text: string, at: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
};

/** Half of the first bytes are zero in Latin text written as UTF-16. */
const looksWide = (text: string): boolean =>
  (text.slice(0, 1000).split('\0').length - 1) * 3 > Math.min(text.length, 1000);

/** @throws CliProblem when a file is larger than what is read */
export const checkSize = (bytes: number, file: string): void => {
  if (bytes <= maxStateBytes) return;
  const detail = `${file} is larger than ${maxStateBytes} bytes.`;
  throw new CliProblem('DSEM-1004', 'The input is too large', detail, 'Split it, or leave the data out.');
};

/** Decodes a file, whose byte order mark is honoured. @throws CliProblem when it is no text or too large */
export const textOf = (bytes: Uint8Array, file: string): string => {
  checkSize(bytes.length, file);
  let text: string;
  try {
    text = decoder(bytes).decode(bytes);
  } catch {
    throw wrong('The file is not valid UTF-8 text.', file, 1, 1, notText);
  }
  const nul = text.indexOf('\0');
  if (nul < 0) return text;
  const { line, column } = placeOf(text, nul);
  const detail = looksWide(text)
    ? 'The file looks like UTF-16 without a byte order mark.'
    : 'The file holds a NUL character, so it is no text.';
  throw wrong(detail, file, line, column, notText);
};

/** All of a stream, refused as soon as it is too large. */
export const readAll = async (chunks: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    length += chunk.length;
    checkSize(length, name);
  }
  return Buffer.concat(parts);
};
