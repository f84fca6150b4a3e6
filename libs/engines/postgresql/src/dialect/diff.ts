import type { ColumnType } from '@dsem/schema';
import type { DialectDiff, TypeChange } from '@dsem/engine';
import { canAlter } from './as-built.js';
import { withoutParents } from './apart.js';
import { typeParts } from './types.js';

/** Native spellings are normal, so equal types have equal texts. */
export const dialectDiff: DialectDiff = {
  sameType: (from, to) => from.native === to.native,
  withoutParents,
  canAlter,
  boundAttributes: { type: ['collation', 'storage', 'compression'], nullable: ['notNull'] },
};

const rewriteWiden: TypeChange = { effect: 'widen', rewrite: true };
const metaWiden: TypeChange = { effect: 'widen', rewrite: false };
const narrow: TypeChange = { effect: 'narrow', rewrite: true };
const family: TypeChange = { effect: 'family', rewrite: true };

const whole = ['smallint', 'integer', 'bigint'];
const floats = ['real', 'double precision'];

const text = (from: number | undefined, to: number | undefined): TypeChange => {
  if (to === undefined || (from !== undefined && to >= from)) return metaWiden;
  return narrow;
};

const numeric = (from: readonly number[], to: readonly number[]): TypeChange => {
  if (to.length === 0) return metaWiden;
  const [precision, scale, wider, scaled] = [from[0], from[1] ?? 0, to[0]!, to[1] ?? 0];
  if (precision === undefined) return narrow;
  if (scale === scaled) return wider >= precision ? metaWiden : narrow;
  return scaled > scale && wider - scaled >= precision - scale ? rewriteWiden : narrow;
};

const precision = (from: number | undefined, to: number | undefined): TypeChange =>
  (to ?? 6) >= (from ?? 6) ? metaWiden : narrow;

const climb = (order: readonly string[], from: string, to: string): TypeChange | undefined => {
  const [low, high] = [order.indexOf(from), order.indexOf(to)];
  if (low < 0 || high < 0) return undefined;
  return high > low ? rewriteWiden : narrow;
};

type Parts = ReturnType<typeof typeParts>;

const sameBase = (base: string, from: Parts, to: Parts): TypeChange => {
  switch (base) {
    case 'character varying':
    case 'bit varying':
      return text(from.mods[0], to.mods[0]);
    case 'character':
      return (to.mods[0] ?? 1) >= (from.mods[0] ?? 1) ? rewriteWiden : narrow;
    case 'numeric':
      return numeric(from.mods, to.mods);
    case 'timestamp with time zone':
    case 'timestamp without time zone':
    case 'time with time zone':
    case 'time without time zone':
    case 'interval':
      return precision(from.mods[0], to.mods[0]);
    default:
      return narrow;
  }
};

/** Pairs with a rule of their own: engines.md 1.4. */
const special: { readonly [pair: string]: TypeChange } = {
  'character varying>text': metaWiden,
  'character>text': rewriteWiden,
  'character>character varying': rewriteWiden,
  'cidr>inet': metaWiden,
  'inet>cidr': narrow,
  'date>timestamp without time zone': rewriteWiden,
  'date>timestamp with time zone': rewriteWiden,
  'timestamp without time zone>timestamp with time zone': family,
  'timestamp with time zone>timestamp without time zone': family,
  'timestamp without time zone>date': narrow,
  'timestamp with time zone>date': narrow,
  'uuid>text': rewriteWiden,
  'jsonb>json': rewriteWiden,
  'json>jsonb': narrow,
};

const toText = (to: Parts): TypeChange => (to.mods[0] === undefined ? metaWiden : narrow);

const rounding = new Set([
  'timestamp with time zone',
  'timestamp without time zone',
  'time with time zone',
  'time without time zone',
  'interval',
]);

/** Whether the server cuts digits off without refusing: a smaller scale, a lower precision, a date from a timestamp. */
export const cutsSilently = (from: ColumnType, to: ColumnType): boolean => {
  const [old, fresh] = [typeParts(from.native), typeParts(to.native)];
  if (fresh.base === 'date' && old.base.startsWith('timestamp')) return true;
  if (fresh.base === 'real' && old.base === 'double precision') return true;
  if (old.base !== fresh.base) return false;
  if (old.base === 'numeric')
    return fresh.mods.length > 0 && (old.mods.length === 0 || (fresh.mods[1] ?? 0) < (old.mods[1] ?? 0));
  return rounding.has(old.base) && (fresh.mods[0] ?? 6) < (old.mods[0] ?? 6);
};

/** How safe a type change is for stored values, and whether the table is copied (engines.md 1.4). */
export const typeChange = (from: ColumnType, to: ColumnType): TypeChange => {
  if (from.native === to.native) return { effect: 'same', rewrite: false };
  const [old, fresh] = [typeParts(from.native), typeParts(to.native)];
  if (old.base === fresh.base) return sameBase(old.base, old, fresh);
  if (old.base === 'text' && fresh.base === 'character varying') return toText(fresh);
  if (whole.includes(old.base) && fresh.base === 'numeric') return fresh.mods.length === 0 ? rewriteWiden : narrow;
  return (
    climb(whole, old.base, fresh.base) ??
    climb(floats, old.base, fresh.base) ??
    special[`${old.base}>${fresh.base}`] ??
    (from.canonical.kind === 'enum' && fresh.base === 'text' ? rewriteWiden : family)
  );
};
