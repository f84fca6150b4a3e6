import { sha256 as hashOf } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { parentsByPath } from './inheritance.js';
import type { Column, Schema } from './model.js';
import { normalizeSchema } from './normalize.js';
import { byCodeUnit } from './slot.js';

/** Raised when the normal form or its serialization changes, so that digests of both never meet. */
const canonicaliser = 1;

/**
 * The one text of a JSON value (RFC 8785); undefined properties are left out. O(value).
 * @throws Error for NaN, infinities, lone surrogates and cycles, which JSON cannot carry.
 */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('The value has no JSON form.');
  return text;
};

/** SHA-256 of the UTF-8 text, as 64 lower-case hexadecimal digits. */
export const sha256 = (text: string): string => bytesToHex(hashOf(utf8ToBytes(text)));

const byName = (columns: readonly Column[]): readonly Column[] =>
  columns
    .map((column) => (column.fields === undefined ? column : { ...column, fields: byName(column.fields) }))
    .toSorted((a, b) => byCodeUnit(a.name, b.name));

const digests = new WeakMap<Schema, string>();

/**
 * Names a state by its content: `sha256:<hex>` over the normal form.
 *
 * Column order does not count: no engine but MySQL can change it without copying the table, so a database that was
 * migrated to a state and one that was built from it would otherwise never agree. O(schema), O(1) when asked again.
 */
export const digest = (schema: Schema): string => {
  const known = digests.get(schema);
  if (known !== undefined) return known;
  const normal = normalizeSchema(schema);
  const tables = normal.tables.map((table) => ({ ...table, columns: byName(table.columns), ...parentsByPath(table) }));
  const made = `sha256:${sha256(canonicalJson({ canonicaliser, schema: { ...normal, tables } }))}`;
  digests.set(schema, made);
  return made;
};
