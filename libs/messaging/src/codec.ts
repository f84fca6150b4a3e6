import { envelopeSchema, type Envelope } from '@dsem/events';
import { MessageTooLarge } from './errors.js';

/** The largest message that is read, in bytes of UTF-8: 1 MiB. */
export const maxBytes = 1_048_576;

/** The largest message that is published: with key and headers it is below Kafka's own limit. */
export const maxPublishedBytes = 1_000_000;

/** How deep arrays and objects may nest in a message. */
export const maxDepth = 64;

/** How many members the objects of a message may have together. */
export const maxKeys = 50_000;

/** A message that became an envelope, or the reason why it could not. */
export type Decoded =
  { readonly ok: true; readonly envelope: Envelope } | { readonly ok: false; readonly cause: string };

const refused = (cause: string): Decoded => ({ ok: false, cause });

/** Whether JSON text nests deeper than `limit`; looks at the text only, so it cannot overflow. O(length). */
export const nestsDeeperThan = (text: string, limit: number): boolean => {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth > limit) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
};

const parse = (body: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
};

/** The members of all objects in a parsed message. Depth is bounded before. O(message). */
const keysIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  return (Array.isArray(value) ? 0 : parts.length) + parts.reduce<number>((sum, part) => sum + keysIn(part), 0);
};

/** Whether every text of a parsed message has a canonical form: Unicode without half characters. Depth is bounded before. */
const storable = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, part]) => storable(name) && storable(part));
};

/** Reads a message that anybody may have written: size and depth are bounded before it is parsed. */
export const decode = (body: string): Decoded => {
  const bytes = Buffer.byteLength(body);
  if (bytes > maxBytes) return refused(`the message has ${bytes} bytes, at most ${maxBytes} are allowed`);
  if (nestsDeeperThan(body, maxDepth)) return refused(`the message nests deeper than ${maxDepth} levels`);
  const parsed = parse(body);
  if (parsed === undefined) return refused('the message is not JSON');
  if (keysIn(parsed.value) > maxKeys) return refused(`the message has more than ${maxKeys} keys`);
  if (!storable(parsed.value)) return refused('the message holds half a character, which nothing can store');
  const envelope = envelopeSchema.safeParse(parsed.value);
  if (envelope.success) return { ok: true, envelope: envelope.data };
  const fields = envelope.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return refused(`the message is not an envelope: ${fields.join('; ')}`);
};

/** The text of an envelope. @throws MessageTooLarge */
export const encode = (envelope: Envelope): string => {
  const body = JSON.stringify(envelope);
  const bytes = Buffer.byteLength(body);
  if (bytes > maxPublishedBytes) throw new MessageTooLarge(envelope.id, bytes, maxPublishedBytes);
  return body;
};
