import type { Attributes, Column, ColumnType, Identity, SequenceOptions } from '@dsem/schema';
import { normalNotNull } from '../not-null.js';
import { usualOptions } from '../sequence-limits.js';
import { normalTypeText } from '../type-names.js';
import { canonicalType } from '../types.js';
import { normalDefault, normalGenerated, type Owner } from './expression.js';
import type { KnownTypes } from './known-types.js';

/** A type in the spelling of `format_type`, with its canonical meaning. */
export const normalType = (type: ColumnType, { kindOf }: KnownTypes): ColumnType => {
  const native = normalTypeText(type.native);
  return { native, canonical: canonicalType(native, kindOf) };
};

/** Sequence options without those the server would choose anyway; undefined when none is left. */
export const normalOptions = (type: string, options: SequenceOptions | undefined): SequenceOptions | undefined => {
  if (!options) return undefined;
  const implied = usualOptions(type, options);
  const kept = Object.entries(options).filter(
    ([name, value]) => value !== undefined && value !== implied[name as keyof typeof implied],
  );
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as SequenceOptions);
};

const normalIdentity = (identity: Identity, type: string): Identity => {
  const options = normalOptions(type, identity.options);
  return options ? { always: identity.always, options } : { always: identity.always };
};

/** Attributes without a collation that is the default one. */
export const withoutDefaults = (attributes: Attributes | undefined): Attributes | undefined => {
  if (!attributes || attributes.collation !== 'default') return attributes;
  const { collation: _, ...rest } = attributes;
  return rest;
};

/** A column as expressions see it: a value of a domain is one of the type below. */
export const asRead = (column: Column, { readsAs }: KnownTypes): Column => typedAs(column, readsAs(column.type.native));

const typedAs = (column: Column, native: string): Column =>
  native === column.type.native ? column : { ...column, type: { ...column.type, native } };

type Defaults = Map<string, string | undefined>;

/** Defaults of one state: a few texts stand at most of its columns, and none depends on the column beside its type. */
const defaultsOf = new WeakMap<KnownTypes, Defaults>();

const knownDefault = (text: string, column: Column, owner: Owner, known: KnownTypes): string | undefined => {
  const defaults = defaultsOf.get(known) ?? new Map<string, string | undefined>();
  defaultsOf.set(known, defaults);
  const key = `${column.type.native}\0${text}`;
  if (!defaults.has(key)) defaults.set(key, normalDefault(text, column, owner));
  return defaults.get(key);
};

/** One column in normal form. */
export const normalColumn = (column: Column, owner: Owner, known: KnownTypes): Column => {
  const { default: given, identity, generated, attributes, ...rest } = column;
  const type = normalType(column.type, known);
  const typed: Column = { ...rest, type };
  const value = typedAs(typed, known.baseOf(type.native));
  const text = given === undefined ? undefined : knownDefault(given, value, owner, known);
  const { numberedBy: _, ...others } = withoutDefaults(attributes) ?? {};
  const kept = Object.keys(others).length === 0 ? undefined : others;
  return normalNotNull({
    ...typed,
    nullable: column.nullable && !identity,
    ...(text === undefined ? {} : { default: text }),
    ...(identity ? { identity: normalIdentity(identity, type.native) } : {}),
    ...(generated
      ? { generated: { ...generated, expression: normalGenerated(generated.expression, value, owner) } }
      : {}),
    ...(kept ? { attributes: kept } : {}),
  });
};
