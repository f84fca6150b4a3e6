import type { Column, ColumnType, ObjectName } from '@dsem/schema';
import { identifier, qualified } from './identifiers.js';
import { typeParts } from './types.js';

/**
 * Pairs with a cast in the catalogue (`pg_cast`, 13 to 18), beside those that go through text; each line: from, then to.
 * A cast that only newer servers have stands here as well where the older ones have no other way.
 */
const casts = new Map(
  `"char":integer
bigint:smallint,integer,real,double precision,money,bit,numeric,oid
bit:bigint,integer,bit varying
bit varying:bit
boolean:integer
box:point,lseg,polygon,circle
cidr:inet
circle:point,box,polygon
date:timestamp without time zone,timestamp with time zone
double precision:bigint,smallint,integer,real,numeric
inet:cidr
integer:boolean,"char",bigint,smallint,real,double precision,money,bit,numeric,oid
interval:time without time zone
json:jsonb
jsonb:boolean,bigint,smallint,integer,json,real,double precision,numeric
lseg:point
macaddr:macaddr8
macaddr8:macaddr
money:numeric
numeric:bigint,smallint,integer,real,double precision,money
oid:bigint,integer
path:polygon
point:box
polygon:point,path,box,circle
real:bigint,smallint,integer,double precision,numeric
smallint:bigint,integer,real,double precision,numeric,oid
time with time zone:time without time zone
time without time zone:interval,time with time zone
timestamp with time zone:date,time without time zone,timestamp without time zone,time with time zone
timestamp without time zone:date,time without time zone,timestamp with time zone
int4range:int4multirange
int8range:int8multirange
numrange:nummultirange
tsrange:tsmultirange
tstzrange:tstzmultirange
daterange:datemultirange`
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).split(',')] as const),
);

const textual = new Set(['text', 'character varying', 'character', 'bpchar']);

const hasCast = (from: string, to: string): boolean =>
  from === to || textual.has(from) || textual.has(to) || (casts.get(from)?.includes(to) ?? false);

/** A type on the way where no cast leads there at once: `boolean` is a number by way of `integer`. */
const stepping = (from: string, to: string): string | undefined =>
  ['numeric', 'integer', 'timestamp without time zone'].find((middle) => hasCast(from, middle) && hasCast(middle, to));

const isArray = (native: string): boolean => native.endsWith('[]');
const elementOf = (native: string): string => native.slice(0, -2);
const baseOf = (native: string): string =>
  isArray(native) ? `${baseOf(elementOf(native))}[]` : typeParts(native).base;
const isText = (native: string): boolean => textual.has(baseOf(native));

/** Whether two types hold the same kind of value, or one becomes the other without being read as text. */
const akin = (from: string, to: string): boolean =>
  isText(from) || isText(to) ? isText(from) && isText(to) : hasCast(baseOf(from), baseOf(to));

const wrapped = (value: string, to: string): string => `CASE WHEN ${value} IS NOT NULL THEN ARRAY[${value}]::${to} END`;

/** The only element, and of text all of them where there are more. */
const unwrapped = (value: string, to: string): string =>
  isText(to) ? `CASE WHEN cardinality(${value}) <= 1 THEN ${value}[1] ELSE ${value}::text END` : `${value}[1]::${to}`;

/** How values of one type become values of another one, with `value` for the old one. */
export const converted = (value: string, from: ColumnType, to: ColumnType): string => {
  const [old, fresh] = [from.native, to.native];
  if (isArray(fresh) && !isArray(old) && akin(old, elementOf(fresh))) return wrapped(value, fresh);
  if (isArray(old) && !isArray(fresh) && akin(elementOf(old), fresh)) return unwrapped(value, fresh);
  if (isArray(old) && isArray(fresh)) {
    const direct = hasCast(baseOf(elementOf(old)), baseOf(elementOf(fresh)));
    return direct ? `${value}::${fresh}` : `${value}::text[]::${fresh}`;
  }
  if (isText(fresh) && !isText(old)) return `${value}::text`;
  if (hasCast(baseOf(old), baseOf(fresh))) return `${value}::${fresh}`;
  return `${value}::${stepping(baseOf(old), baseOf(fresh)) ?? 'text'}::${fresh}`;
};

const limits: { readonly [type: string]: readonly [lowest: string, highest: string] } = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};
const numbers = new Set([...Object.keys(limits), 'numeric', 'real', 'double precision']);

/** The shape of texts that read as a value, where a pattern can tell; servers from 16 on tell by themselves. */
const patterns: { readonly [type: string]: string } = {
  smallint: '^\\s*[-+]?[0-9]+\\s*$',
  integer: '^\\s*[-+]?[0-9]+\\s*$',
  bigint: '^\\s*[-+]?[0-9]+\\s*$',
  numeric: '^\\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\\s*$',
  uuid: '^\\s*[{]?[0-9a-fA-F]{4}-?([0-9a-fA-F]{4}-?){6}[0-9a-fA-F]{4}[}]?\\s*$',
  boolean: '^\\s*(t|tr|tru|true|y|ye|yes|on|1|f|fa|fal|fals|false|n|no|of|off|0)\\s*$',
};

const unreadable = (value: string, to: string, version: string): string | undefined => {
  if (Number(version) >= 16) return `NOT pg_input_is_valid(${value}::text, '${to.replaceAll("'", "''")}')`;
  const pattern = patterns[typeParts(to).base];
  return pattern === undefined ? undefined : `${value}::text !~* '${pattern}'`;
};

const outOfRange = (value: string, from: string, to: string): string | undefined => {
  const [old, fresh] = [typeParts(from), typeParts(to)];
  const range = limits[fresh.base];
  if (range && numbers.has(old.base)) return `${value} NOT BETWEEN ${range[0]} AND ${range[1]}`;
  if (fresh.base === 'numeric' && fresh.mods.length > 0 && numbers.has(old.base)) {
    const [precision = 0, scale = 0] = fresh.mods;
    return `abs(round(${value}::numeric, ${scale})) >= 1e${precision - scale}`;
  }
  if (['character varying', 'character'].includes(fresh.base) && !isArray(from) && !isArray(to))
    return `char_length(${value}${textual.has(old.base) ? '' : '::text'}) > ${fresh.mods[0] ?? 1}`;
  if (fresh.base.startsWith('bit') && old.base.startsWith('bit'))
    return `length(${value}) ${fresh.base === 'bit' ? '<>' : '>'} ${fresh.mods[0] ?? 1}`;
  return undefined;
};

/** What a type change means for stored values. */
export interface Outcome {
  /** Whether every stored value has a counterpart, so that nothing can fail. */
  readonly always: boolean;
  /** Counts the values that make it fail or come out otherwise; those that are not NULL where only a try can tell. */
  readonly query?: string;
}

const endless = new Set(['text', 'character varying', 'bpchar']);

const deciding = (value: string, old: string, fresh: string, version: string): string | undefined => {
  if (isArray(old) && isArray(fresh)) {
    const condition = deciding('e', elementOf(old), elementOf(fresh), version);
    return condition && `EXISTS (SELECT FROM unnest(${value}) AS e WHERE ${condition})`;
  }
  if (isArray(old) && !isArray(fresh)) return `cardinality(${value}) > 1`;
  const range = outOfRange(value, old, fresh);
  if (range !== undefined) return range;
  if (baseOf(old) === 'boolean' || (numbers.has(baseOf(old)) && fresh === 'boolean')) return undefined;
  if (old === 'jsonb' && hasCast(old, baseOf(fresh)))
    return `jsonb_typeof(${value}) <> '${fresh === 'boolean' ? 'boolean' : 'number'}'`;
  const middle =
    isArray(fresh) || hasCast(baseOf(old), baseOf(fresh)) ? undefined : stepping(baseOf(old), baseOf(fresh));
  if (middle !== undefined && stepping(baseOf(fresh), baseOf(old)) !== undefined)
    return `${value} IS DISTINCT FROM ${value}::${middle}::${fresh}::${middle}::${old}`;
  if (isArray(fresh) || isText(old) || !hasCast(baseOf(old), baseOf(fresh)))
    return `${value} IS NOT NULL AND ${unreadable(value, fresh, version) ?? 'true'}`;
  return hasCast(baseOf(fresh), baseOf(old)) ? `${value} IS DISTINCT FROM ${value}::${fresh}::${old}` : undefined;
};

/** Whether a change of type can fail, and how to count the rows that decide. */
export const outcomeOf = (table: ObjectName, from: Column, to: Column, version: string): Outcome => {
  const [value, old, fresh] = [identifier(to.name), from.type.native, to.type.native];
  const wraps =
    isArray(fresh) && !isArray(old) && akin(old, elementOf(fresh)) && baseOf(old) === baseOf(elementOf(fresh));
  const condition = endless.has(fresh) || wraps ? undefined : deciding(value, old, fresh, version);
  return condition === undefined
    ? { always: true }
    : { always: false, query: `SELECT count(*) FROM ${qualified(table)} WHERE ${condition}` };
};
