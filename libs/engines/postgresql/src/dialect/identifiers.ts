import { type ObjectName, UnsupportedChange } from '@dsem/schema';

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Longest identifier of the server, in bytes of UTF-8 (NAMEDATALEN - 1). */
export const identifierBytes = 63;

/**
 * The one place where a name becomes SQL: always quoted.
 * @throws UnsupportedChange for a name the server would refuse or cut (empty, NUL, longer than 63 bytes).
 */
export const identifier = (name: string): string => {
  if (typeof name !== 'string' || name === '') throw new UnsupportedChange('An identifier is empty.');
  if (name.includes('\0')) throw new UnsupportedChange('An identifier holds a NUL character.', { object: name });
  if (byteLength(name) > identifierBytes) {
    throw new UnsupportedChange(`The identifier ${JSON.stringify(name)} is longer than ${identifierBytes} bytes.`, {
      object: name,
    });
  }
  return `"${name.replaceAll('"', '""')}"`;
};

/** A schema-qualified name as SQL. */
export const qualified = (name: ObjectName): string =>
  name.namespace === undefined ? identifier(name.name) : `${identifier(name.namespace)}.${identifier(name.name)}`;

/** A comma-separated list of quoted names. */
export const identifiers = (names: readonly string[]): string => names.map(identifier).join(', ');

/**
 * A string constant as SQL; `E''` form where the text holds a backslash, so the server's setting does not matter.
 * @throws UnsupportedChange for NUL, which no PostgreSQL text can hold.
 */
export const literal = (text: string): string => {
  if (text.includes('\0')) throw new UnsupportedChange('A text holds a NUL character.');
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
};

const plain = /^[a-z_][a-z0-9_$]*$/;

/** A name as the server prints it in type names and regclass constants: quoted only where it must be. */
export const shortest = (name: string): string => (plain.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** Both parts of a name in the shortest quoting. */
export const shortestName = (namespace: string, name: string): string => `${shortest(namespace)}.${shortest(name)}`;

const part = /"((?:[^"]|"")*)"|([^".\s]+)/gy;

/** Reads `a.b`, `"A".b` or `b` as the server does: unquoted parts fold to lower case. */
export const splitName = (text: string): readonly string[] => {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) return [text];
    parts.push(found[1] === undefined ? found[2]!.toLowerCase() : found[1].replaceAll('""', '"'));
    at = part.lastIndex;
    if (at < text.length && text[at] !== '.') return [text];
    at += 1;
  }
  return parts;
};
