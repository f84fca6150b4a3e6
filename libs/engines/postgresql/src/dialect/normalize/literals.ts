import type { Node } from '@pgsql/types';
import { typeText } from '../type-names.js';
import { shortest, splitName } from '../identifiers.js';
import { defaultNamespace } from '../types.js';
import { plainDecimal } from '../decimals.js';
import { numberNode, numberOf, stringNode, stringNodes, stringOf } from './tree.js';
import { plainType } from './scope.js';

const isNumber = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
const wholeTypes = new Set(['smallint', 'integer', 'bigint']);
const truths: { readonly [word: string]: boolean } = {
  t: true,
  true: true,
  y: true,
  yes: true,
  on: true,
  '1': true,
  f: false,
  false: false,
  n: false,
  no: false,
  off: false,
  '0': false,
};

/** What a text means as a boolean; undefined where it means none. */
export const truthOf = (text: string): boolean | undefined => truths[text.trim().toLowerCase()];

const compareKeys = (a: string, b: string): number => {
  const [one, other] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return one.length - other.length || (a < b ? -1 : a > b ? 1 : 0);
};

const jsonText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => compareKeys(a, b));
  return `{${pairs.map(([key, held]) => `${JSON.stringify(key)}: ${jsonText(held)}`).join(', ')}}`;
};

/** As jsonb prints it; left alone where JavaScript would lose digits of a number. */
const jsonbLiteral = (text: string): string => {
  if (/\d[.eE]|\d{16}/.test(text)) return text;
  try {
    return jsonText(JSON.parse(text));
  } catch {
    return text;
  }
};

const units: { readonly [unit: string]: readonly [field: 'months' | 'days' | 'seconds', factor: number] } = {
  year: ['months', 12],
  yr: ['months', 12],
  mon: ['months', 1],
  month: ['months', 1],
  week: ['days', 7],
  day: ['days', 1],
  hour: ['seconds', 3600],
  hr: ['seconds', 3600],
  h: ['seconds', 3600],
  minute: ['seconds', 60],
  min: ['seconds', 60],
  m: ['seconds', 60],
  second: ['seconds', 1],
  sec: ['seconds', 1],
  s: ['seconds', 1],
};

const intervalPart = /\s*([-+]?\d+)\s*([a-z]+)|\s*([-+]?)(\d+):(\d\d)(?::(\d\d))?/iy;
const plural = (count: number, unit: string): string[] =>
  count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
const two = (value: number): string => String(value).padStart(2, '0');

const clock = (seconds: number): string => {
  const all = Math.abs(seconds);
  return `${seconds < 0 ? '-' : ''}${two(Math.floor(all / 3600))}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
};

const intervalText = (months: number, days: number, seconds: number): string => {
  const parts = [
    ...plural(Math.trunc(months / 12), 'year'),
    ...plural(months % 12, 'mon'),
    ...plural(days, 'day'),
    ...(seconds === 0 ? [] : [clock(seconds)]),
  ];
  return parts.length === 0 ? '00:00:00' : parts.join(' ');
};

/** As the server prints an interval; texts with fractions, signs between parts or rarer units are left alone. */
const intervalLiteral = (text: string): string => {
  const sum = { months: 0, days: 0, seconds: 0 };
  for (let at = 0; at < text.trimEnd().length; at = intervalPart.lastIndex) {
    intervalPart.lastIndex = at;
    const found = intervalPart.exec(text);
    if (!found) return text;
    const [, count, word, sign, hours, minutes, seconds] = found;
    const unit = units[(word ?? '').toLowerCase()] ?? units[(word ?? '').toLowerCase().replace(/s$/, '')];
    if (count !== undefined && !unit) return text;
    if (unit) sum[unit[0]] += Number(count) * unit[1];
    else sum.seconds += (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0));
  }
  const signs = Object.values(sum).filter((value) => value !== 0);
  if (signs.some((value) => value < 0) && signs.some((value) => value > 0)) return text;
  return intervalText(sum.months, sum.days, sum.seconds);
};

const moment = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(\.\d+)?(?:\s*(?:([+-]\d\d):?(\d\d)?|Z))?)?$/i;

/** Digits of a second without zeros at their end. */
const fractionOf = (digits: string): string => digits.replace(/\.?0+$/, '');

/** In UTC, the zone in which sessions run. */
const instantLiteral = (text: string): string => {
  const found = moment.exec(text.trim());
  if (!found) return text;
  const [, day, minutes = '00:00', seconds = ':00', fraction = '', hours = '+00', rest = '00'] = found;
  const time = new Date(`${day}T${minutes}${seconds}${hours}:${rest}`);
  if (Number.isNaN(time.getTime())) return text;
  return `${time.toISOString().slice(0, 19).replace('T', ' ')}${fractionOf(fraction)}+00`;
};

/** A time zone in the text counts for nothing. */
const timestampLiteral = (text: string): string => {
  const found = moment.exec(text.trim());
  if (!found) return text;
  const [, day, minutes = '00:00', seconds = ':00', fraction = ''] = found;
  return `${day} ${minutes}${seconds}${fractionOf(fraction)}`;
};

const regclassLiteral = (text: string): string => {
  const parts = splitName(text);
  const full = parts.length === 1 ? [defaultNamespace, ...parts] : parts;
  return full.map(shortest).join('.');
};

/** How each type prints its constants, where that differs from what people write. */
const spellings: { readonly [type: string]: (text: string) => string } = {
  jsonb: jsonbLiteral,
  interval: intervalLiteral,
  uuid: (text) => text.toLowerCase(),
  regclass: regclassLiteral,
  'timestamp without time zone': timestampLiteral,
  'timestamp with time zone': instantLiteral,
  'time with time zone': (text) =>
    text.replace(/^(\d\d:\d\d)(?=[-+Z]|$)/, '$1:00').replace(/(?<=\d\d:\d\d:\d\d(?:\.\d+)?)Z?$/, '+00'),
  'time without time zone': (text) => (/^\d\d:\d\d$/.test(text) ? `${text}:00` : text),
};

/** A string constant that is read as a value of `type`, in the server's spelling. Sessions run in UTC. */
export const spelledAs = (node: Node, type: string | undefined): Node => {
  const text = stringOf(node);
  if (text === undefined || type === undefined) return node;
  const spelled = spellings[type]?.(text) ?? text;
  return spelled === text ? node : stringNode(spelled);
};

/** Rule: `1e6` is `1000000`, as the server stores it. */
export const wholeNumbers = (node: Node): Node => {
  const number = numberOf(node);
  return number !== undefined && /e/i.test(number) ? numberNode(plainDecimal(number)) : node;
};

const bits = (digits: string): string =>
  [...digits].map((digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('');

/** Rule: a bit string constant is written as text of type `bit`. */
export const bitStrings = (node: Node): Node => {
  const text = 'A_Const' in node ? node.A_Const.bsval?.bsval : undefined;
  if (text === undefined) return node;
  const digits = text.startsWith('b') ? text.slice(1) : bits(text.slice(1));
  return {
    TypeCast: { arg: stringNode(digits), typeName: { names: stringNodes(['pg_catalog', 'bit']), typemod: -1 } },
  };
};

/** A constant of a type in the server's spelling, without the cast where the type follows from the spelling. */
const typedConstant = (text: string, type: string): Node | undefined => {
  const truth = type === 'boolean' ? truths[text.trim().toLowerCase()] : undefined;
  if (truth !== undefined) return { A_Const: { boolval: truth ? { boolval: true } : {} } };
  if (!isNumber.test(text)) return undefined;
  const plain = text.replace(/^\+/, '');
  if (type === 'integer' && /^-?\d+$/.test(plain)) return numberNode(plain);
  return undefined;
};

const numericCast = (text: string, type: string, cast: Node): Node | undefined => {
  const whole = /^-?\d+$/.test(text);
  if ((wholeTypes.has(type) && whole) || type === 'numeric') {
    const natural = whole ? (Math.abs(Number(text)) <= 2_147_483_647 ? 'integer' : 'bigint') : 'numeric';
    if (natural === type) return numberNode(text);
    return 'TypeCast' in cast ? { TypeCast: { ...cast.TypeCast, arg: numberNode(text) } } : undefined;
  }
  return undefined;
};

/** Rule: `'5'::integer`, `'t'::boolean`, `'90 minutes'::interval` and the like in the one spelling the server prints. */
export const constantSpelling = (node: Node): Node => {
  if (!('TypeCast' in node) || !node.TypeCast.typeName) return node;
  const text = stringOf(node.TypeCast.arg);
  const type = plainType(typeText(node.TypeCast.typeName));
  const number = numberOf(node.TypeCast.arg);
  if (number !== undefined) return numericCast(number, type, node) ?? node;
  if (text === undefined) return node;
  const made = typedConstant(text, type) ?? (isNumber.test(text) ? numericCast(text, type, node) : undefined);
  const spelled = spellings[type]?.(text) ?? text;
  return made ?? (spelled === text ? node : { TypeCast: { ...node.TypeCast, arg: stringNode(spelled) } });
};

/** Rule: a minus in front of a number is part of the number. */
export const negativeNumber = (node: Node): Node => {
  if (!('A_Expr' in node) || node.A_Expr.lexpr || node.A_Expr.kind !== 'AEXPR_OP') return node;
  const [name] = node.A_Expr.name ?? [];
  const number = numberOf(node.A_Expr.rexpr);
  const minus = name && 'String' in name && name.String.sval === '-';
  return minus && number !== undefined && !number.startsWith('-') ? numberNode(`-${number}`) : node;
};
