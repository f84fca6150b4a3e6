import type { Place, Three } from './conflict.js';
import type { Judge } from './judge.js';

type Entries = Readonly<Record<string, unknown>>;

/** How a property is merged that is more than one value. */
export type KeyRule = (judge: Judge, place: Place, aspect: string, three: Three<unknown>) => unknown;
/** Rules by property; all others are one value each. */
export type KeyRules = Readonly<Record<string, KeyRule>>;

const isEntries = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (values: readonly (Entries | undefined)[]): readonly string[] => [
  ...new Set(values.flatMap((value) => (value === undefined ? [] : Object.keys(value)))),
];

const at = (three: Three<Entries>, key: string): Three<unknown> => ({
  base: three.base?.[key],
  ours: three.ours?.[key],
  theirs: three.theirs?.[key],
});

/** Two objects property by property: what one side changed is taken, whatever the other did to the other properties. */
export const mergeKeys = <Value extends object>(
  judge: Judge,
  place: Place,
  three: Three<Value>,
  rules: KeyRules = {},
  prefix = '',
): Value => {
  const all = three as Three<Entries>;
  const entries = keysOf([all.ours, all.theirs]).map((key) => {
    const rule = rules[key];
    const aspect = `${prefix}${key}`;
    const values = at(all, key);
    return [
      key,
      rule === undefined ? judge.settle(place, aspect, values) : rule(judge, place, aspect, values),
    ] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Value;
};

/** A property that is itself a set of properties, absent when it has none. */
export const nested: KeyRule = (judge, place, aspect, three) => {
  const given = [three.base, three.ours, three.theirs];
  if (!given.every((value) => value === undefined || isEntries(value))) return judge.settle(place, aspect, three);
  const entries = three as Three<Entries>;
  const merged = mergeKeys(judge, place, entries, {}, `${aspect}.`);
  return Object.keys(merged).length === 0 && (entries.ours === undefined || entries.theirs === undefined)
    ? undefined
    : merged;
};

const only = (value: object | undefined, isWanted: (key: string) => boolean): Entries | undefined =>
  value === undefined ? undefined : Object.fromEntries(Object.entries(value).filter(([key]) => isWanted(key)));

/** An object whose meaning is one whole, beside its comment and what has a rule of its own. */
export const wholeBut =
  (rules: KeyRules = {}) =>
  <Value extends object>(judge: Judge, place: Place, { base, ours, theirs }: Three<Value>): Value => {
    const isApart = (key: string): boolean => key === 'comment' || key in rules;
    const whole = (value: object | undefined): Entries | undefined => only(value, (key) => !isApart(key));
    const rest = (value: object | undefined): Entries | undefined => only(value, isApart);
    const definition = judge.settle(place, 'definition', {
      base: whole(base),
      ours: whole(ours),
      theirs: whole(theirs),
    });
    const parts = mergeKeys(judge, place, { base: rest(base), ours: rest(ours), theirs: rest(theirs) }, rules);
    return { ...definition, ...parts } as Value;
  };

/** Strings as a set: what either side added is there, what either took away is not. */
export const mergeSet = ({ base = [], ours = [], theirs = [] }: Three<readonly string[]>): readonly string[] => {
  const [old, mine, other] = [new Set(base), new Set(ours), new Set(theirs)];
  const all = new Set([...base, ...ours, ...theirs]);
  return [...all].filter((one) => (old.has(one) ? mine.has(one) && other.has(one) : true));
};
