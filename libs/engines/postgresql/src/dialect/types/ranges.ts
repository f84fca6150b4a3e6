import type { ObjectName, TypeDefinition } from '@dsem/schema';
import { identifierBytes, shortestName } from '../identifiers.js';
import { defaultNamespace } from '../types.js';

/**
 * The definition of a range type. Names of the server's own operator classes and functions stand without a schema,
 * others as `schema.name` in the shortest quoting; `multirange`, always with
 * its schema, only where it is not the one the server would choose.
 */
export interface RangeDefinition {
  readonly kind: 'range';
  readonly subtype: string;
  readonly opclass?: string;
  readonly collation?: string;
  readonly subtypeDiff?: string;
  readonly multirange?: string;
}

/** The definition of a range type; undefined for every other type. */
export const rangeOf = (type: TypeDefinition): RangeDefinition | undefined =>
  type.kind === 'other' && type.definition.kind === 'range' && typeof type.definition.subtype === 'string'
    ? (type.definition as unknown as RangeDefinition)
    : undefined;

const encoder = new TextEncoder();

const clipped = (text: string, limit: number): string => {
  let kept = text;
  while (encoder.encode(kept).length > limit) kept = [...kept].slice(0, -1).join('');
  return kept;
};

/** The server's `makeMultirangeTypeName`: `range` becomes `multirange`, else `_multirange` is appended; 63 bytes. */
const multirangeName = (range: string): string => {
  const at = range.indexOf('range');
  if (at >= 0) return clipped(`${range.slice(0, at)}multi${range.slice(at)}`, identifierBytes);
  return `${clipped(range, identifierBytes - 11)}_multirange`;
};

/** The multirange type that the server makes along with a range type, when it is told no name. */
export const defaultMultirange = (range: ObjectName): string =>
  shortestName(range.namespace ?? defaultNamespace, multirangeName(range.name));
