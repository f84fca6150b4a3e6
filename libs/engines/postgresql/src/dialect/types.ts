import type { CanonicalType, ObjectName } from '@dsem/schema';
import type { NotNull } from './not-null.js';

/**
 * What the model's `attributes` hold for PostgreSQL. Driver and parser fill the same names; absent means the default.
 * Every value is what the catalogue prints; `public` and the extension `plpgsql` are never listed in a schema.
 */
export interface TableAttributes {
  readonly unlogged?: true;
  /** Storage parameters (`pg_class.reloptions`), values as text. */
  readonly options?: { readonly [name: string]: string };
  /** The composite type whose attributes are its columns. */
  readonly ofType?: string;
  /** Of a foreign table: the server that holds its rows. */
  readonly server?: string;
  readonly foreignOptions?: { readonly [name: string]: string };
  /** Policies decide who sees which rows; without one nobody but the owner sees any. */
  readonly rowSecurity?: true;
  /** Policies hold for the owner too. */
  readonly forceRowSecurity?: true;
  /** By what subscribers find rows; absent means by the primary key. */
  readonly replicaIdentity?: ReplicaIdentity;
  /** The index by which `CLUSTER` sorts the rows. */
  readonly clusterOn?: string;
}

/** All columns, nothing, or those of a unique index, which may be that of a key. */
export type ReplicaIdentity = 'full' | 'nothing' | { readonly index: string };

/** Of a policy; `command` is `select`, `insert`, `update` or `delete`, absent for all; no roles mean everybody. */
export interface PolicyAttributes {
  /** All restrictive policies must let a row pass, beside one of the others. */
  readonly restrictive?: true;
}

/**
 * `collation` and `storage` only where they differ from the type's own; the collation `"C"` is written `C`, others
 * `schema.name`.
 */
export interface ColumnAttributes {
  /** Of a foreign table's column. */
  readonly foreignOptions?: { readonly [name: string]: string };
  readonly collation?: string;
  readonly storage?: 'plain' | 'external' | 'extended' | 'main';
  /** Since 14. */
  readonly compression?: 'pglz' | 'lz4';
  /** The statistics target. */
  readonly statistics?: number;
  /** Name, NO INHERIT and NOT VALID of NOT NULL, since 18. */
  readonly notNull?: NotNull;
  /** `n_distinct` and `n_distinct_inherited`, values as text. */
  readonly options?: { readonly [name: string]: string };
}

/** `unlogged` of a sequence that no unlogged table owns: such a one follows its table. Since 15. */
export interface SequenceAttributes {
  readonly unlogged?: true;
}

/** Of primary keys, uniques, foreign keys and checks. */
export interface ConstraintAttributes {
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly nullsNotDistinct?: true;
  readonly include?: readonly string[];
  /** Storage parameters of the index behind a key. */
  readonly options?: { readonly [name: string]: string };
  /** Of a key, since 18: its last column holds ranges, which may not overlap where the other columns are equal. */
  readonly withoutOverlaps?: true;
  /** Of a foreign key, since 18: its last column holds ranges, which the ranges of the key together must cover. */
  readonly period?: true;
  readonly match?: 'full';
  readonly onDeleteColumns?: readonly string[];
  readonly noInherit?: true;
  readonly notEnforced?: true;
}

/** Of an index; an exclusion constraint is one whose keys have operators. */
export interface IndexAttributes {
  readonly nullsNotDistinct?: true;
  readonly exclusion?: true;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly options?: { readonly [name: string]: string };
}

/** Of an index key; `opclass` only where it is not the default for type and method. */
export interface IndexKeyAttributes {
  /** Of an exclusion constraint; with its schema unless that is `pg_catalog` or `public`. */
  readonly operator?: string;
  readonly opclass?: string;
  /** Parameters of the operator class, which is named then even where it is the default. */
  readonly opclassOptions?: { readonly [name: string]: string };
  /** The statistics target of an expression. */
  readonly statistics?: number;
  readonly collation?: string;
}

/** Of one key of a partitioned table, in `partitioning.attributes.keys` where a key is more than a column's name. */
export interface PartitionKeyAttributes {
  readonly expression?: true;
  readonly opclass?: string;
  readonly collation?: string;
}

/** Of a view: reloptions such as `security_barrier`, values as text, and what stands on its columns, by their names. */
export interface ViewAttributes {
  readonly options?: { readonly [name: string]: string };
  readonly columnComments?: { readonly [column: string]: string };
  /** Defaults for who writes through the view. */
  readonly columnDefaults?: { readonly [column: string]: string };
}

/** Catalogue name -> spelling of `format_type`, where the two differ. */
const spelling: { readonly [internal: string]: string } = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  varbit: 'bit varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
};

const plainBuiltins =
  'text bytea uuid json jsonb xml date numeric interval money inet cidr macaddr macaddr8 bit point line lseg box path ' +
  'polygon circle tsvector tsquery oid name regclass regproc regprocedure regoper regoperator regtype regrole ' +
  'regnamespace regconfig regdictionary regcollation xid xid8 cid tid pg_lsn pg_snapshot txid_snapshot jsonpath ' +
  'int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange ' +
  'tsmultirange tstzmultirange datemultirange int2vector oidvector record void refcursor unknown any anyelement ' +
  'anyarray anynonarray anyenum anyrange anymultirange anycompatible anycompatiblearray anycompatiblenonarray ' +
  'anycompatiblerange anycompatiblemultirange cstring internal trigger event_trigger language_handler fdw_handler ' +
  'index_am_handler table_am_handler tsm_handler';
const builtins = new Set([...Object.keys(spelling), ...plainBuiltins.split(' '), 'char']);

/** Types that pgsql's grammar writes with the prefix `pg_catalog`, so that trees of both spellings are equal. */
export const grammarPrefixed: ReadonlySet<string> = new Set([...Object.keys(spelling), 'numeric', 'interval', 'bit']);

/** Whether an unqualified type name means one of the server's own types. */
export const isBuiltin = (internal: string): boolean => builtins.has(internal) || internal.startsWith('pg_');

const zoned = /^(time|timestamp)(tz)?$/;

/** `format_type` spelling of a built-in type with its modifiers (already printed). */
export const builtinName = (internal: string, modifiers: readonly string[]): string => {
  if (internal === 'char' || internal === 'any') return `"${internal}"`;
  const mods = internal === 'numeric' && modifiers.length === 1 ? [...modifiers, '0'] : modifiers;
  const suffix = mods.length === 0 ? '' : `(${mods.join(',')})`;
  if (internal === 'bpchar' && suffix === '') return 'bpchar';
  const name = spelling[internal] ?? internal;
  const zone = zoned.exec(internal);
  return zone ? `${zone[1]}${suffix}${name.slice(zone[1]!.length)}` : `${name}${suffix}`;
};

const fixed: { readonly [native: string]: CanonicalType } = {
  smallint: { kind: 'int', bits: 16 },
  integer: { kind: 'int', bits: 32 },
  bigint: { kind: 'int', bits: 64 },
  real: { kind: 'float', bits: 32 },
  'double precision': { kind: 'float', bits: 64 },
  boolean: { kind: 'bool' },
  text: { kind: 'text' },
  'character varying': { kind: 'text' },
  bytea: { kind: 'blob' },
  date: { kind: 'date' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  jsonb: { kind: 'json' },
  interval: { kind: 'interval' },
  point: { kind: 'geometry' },
  polygon: { kind: 'geometry' },
};

const length = (mods: readonly number[]) => (mods[0] === undefined ? {} : { length: mods[0] });
const precision = (mods: readonly number[]) => (mods[0] === undefined ? {} : { precision: mods[0] });
const scaled = (mods: readonly number[]) => (mods[1] === undefined ? {} : { scale: mods[1] });

const parameterised: { readonly [base: string]: (mods: readonly number[]) => CanonicalType } = {
  'character varying': (mods) => ({ kind: 'string', ...length(mods) }),
  character: (mods) => ({ kind: 'fixed-string', ...length(mods) }),
  numeric: (mods) => ({ kind: 'decimal', ...precision(mods), ...scaled(mods) }),
  'timestamp with time zone': (mods) => ({ kind: 'instant', ...precision(mods) }),
  'timestamp without time zone': (mods) => ({ kind: 'timestamp', ...precision(mods) }),
  'time without time zone': (mods) => ({ kind: 'time', ...precision(mods) }),
};

/** The type's name without modifiers, and the modifiers: `numeric(10,2)` -> `numeric`, `[10, 2]`. */
export const typeParts = (native: string): { readonly base: string; readonly mods: readonly number[] } => {
  const found = /\(([-0-9, ]+)\)/.exec(native);
  if (!found) return { base: native, mods: [] };
  const base = native.replace(found[0], '').replace(/ {2,}/g, ' ').trim();
  return { base, mods: found[1]!.split(',').map(Number) };
};

/** The engine-independent meaning of a `format_type` spelling; `kindOf` tells what a user's type is. O(length). */
export const canonicalType = (native: string, kindOf: (native: string) => CanonicalType | undefined): CanonicalType => {
  if (native.endsWith('[]')) return { kind: 'array', of: canonicalType(native.slice(0, -2), kindOf) };
  const known = fixed[native];
  if (known) return known;
  const { base, mods } = typeParts(native);
  const vector = /\.vector$/.test(base) && mods[0] !== undefined;
  if (vector) return { kind: 'vector', dimensions: mods[0]! };
  return parameterised[base]?.(mods) ?? kindOf(native) ?? { kind: 'opaque', native };
};

/** The schema of objects whose name is written without one; the search path of a definition is always `public`. */
export const defaultNamespace = 'public';

/** A table's or type's name with the namespace filled in. */
export const placed = (name: ObjectName): { readonly namespace: string; readonly name: string } => ({
  namespace: name.namespace ?? defaultNamespace,
  name: name.name,
});
