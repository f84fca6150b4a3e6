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

/** Key words of PostgreSQL 18 that cannot stand everywhere as a name without quotes. */
const keywords = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both ' +
    'case cast char character check coalesce collate collation column concurrently constraint create cross ' +
    'current_catalog current_date current_role current_schema current_time current_timestamp current_user dec ' +
    'decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign ' +
    'freeze from full grant greatest group grouping having ilike in initially inner inout int integer ' +
    'intersect interval into is isnull join json json_array json_arrayagg json_exists json_object ' +
    'json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left ' +
    'like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null ' +
    'nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real ' +
    'references returning right row select session_user setof similar smallint some substring symmetric ' +
    'system_user table tablesample then time timestamp to trailing treat trim true union unique user using ' +
    'values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists ' +
    'xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'
  ).split(' '),
);
const plain = /^[a-z_][a-z0-9_$]*$/;

/** A name as the server prints it in type names and regclass constants: quoted only where it must be. */
export const shortest = (name: string): string =>
  plain.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

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
