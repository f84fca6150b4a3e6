import { type ObjectName, objectReference, type Reference } from '@dsem/schema';
import { objectKinds } from './objects.js';

/** `definition` of a collation. */
export interface CollationDefinition {
  /** Absent: the one of the operating system. */
  readonly provider?: 'icu' | 'builtin';
  /** The locale; `lcCollate` and `lcCtype` where the operating system's differ. */
  readonly locale?: string;
  readonly lcCollate?: string;
  readonly lcCtype?: string;
  /** Present and false where texts of other bytes may be equal. */
  readonly deterministic?: false;
  /** Rules of ICU beside those of the locale. */
  readonly rules?: string;
}

/** The name of a collation as the model's attributes spell it: `schema.name` outside pg_catalog. */
export const collationName = (text: string): ObjectName => {
  const dot = text.indexOf('.');
  return dot < 0 ? { name: text } : { namespace: text.slice(0, dot), name: text.slice(dot + 1) };
};

/** The same the other way round. */
export const collationSpelling = ({ namespace, name }: ObjectName): string =>
  namespace === undefined ? name : `${namespace}.${name}`;

/** The collation that attributes of a column, key or domain name; none for those of the server. */
export const collationReferences = (text: unknown): readonly Reference[] =>
  typeof text === 'string' && text.includes('.')
    ? [objectReference(objectKinds.collation.kind, collationName(text))]
    : [];
