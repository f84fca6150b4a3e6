import { equal } from '../equal.js';
import type { Place, Three } from './conflict.js';
import type { Judge } from './judge.js';

/** What objects of one noun are known by, and how two of them become one. */
export interface NamedRules<Value> {
  readonly noun: string;
  /** Identity among the objects that are merged. */
  readonly key: (value: Value) => string;
  /** The path a person sees. */
  readonly object: (value: Value) => string;
  /** Both sides changed an object that the base has. */
  readonly both: (judge: Judge, place: Place, three: Three<Value>) => Value;
  /** Both sides made an object of that name, each its own; a conflict when absent. */
  readonly added?: (judge: Judge, place: Place, three: Three<Value>) => Value | undefined;
  /** One side dropped what the other one changed; a conflict when absent. */
  readonly dropped?: (judge: Judge, place: Place, three: Three<Value>) => Value | undefined;
}

const addAdd = <Value>(judge: Judge, place: Place, three: Three<Value>): Value | undefined =>
  judge.dispute(place, three, {
    kind: 'add-add',
    aspect: 'definition',
    why: `both sides added the ${place.noun} ${place.object}, each with another definition`,
    proposal: three.ours,
  });

const dropModify = <Value>(judge: Judge, place: Place, three: Three<Value>): Value | undefined =>
  judge.dispute(place, three, {
    kind: 'drop-modify',
    aspect: 'existence',
    why: `${three.ours === undefined ? 'ours dropped' : 'theirs dropped'} the ${place.noun} ${place.object}, which the other side changed`,
    proposal: three.ours ?? three.theirs,
  });

/** One object of the three states: absent, taken from the side that changed it, or merged. */
export const mergeOne = <Value>(
  judge: Judge,
  place: Place,
  three: Three<Value>,
  { both, added = addAdd, dropped = dropModify }: NamedRules<Value>,
): Value | undefined => {
  const decided = judge.decided(place, three);
  if (decided !== undefined) return decided.value;
  const { base, ours, theirs } = three;
  if (equal(ours, theirs)) return ours;
  if (equal(base, ours)) return theirs;
  if (equal(base, theirs)) return ours;
  if (ours === undefined || theirs === undefined) return dropped(judge, place, three);
  return base === undefined ? added(judge, place, three) : both(judge, place, three);
};

/** The objects of three lists, ours first, theirs behind. O(objects), a comparison each. */
export const mergeNamed = <Value>(
  judge: Judge,
  { base = [], ours = [], theirs = [] }: Three<readonly Value[]>,
  rules: NamedRules<Value>,
): readonly Value[] => {
  const byKey = (values: readonly Value[]): ReadonlyMap<string, Value> =>
    new Map(values.map((value) => [rules.key(value), value]));
  const [old, mine, other] = [byKey(base), byKey(ours), byKey(theirs)];
  return [...new Set([...mine.keys(), ...other.keys(), ...old.keys()])].flatMap((key) => {
    const three = { base: old.get(key), ours: mine.get(key), theirs: other.get(key) };
    const any = three.ours ?? three.theirs ?? three.base;
    if (any === undefined) return [];
    const merged = mergeOne(judge, { noun: rules.noun, object: rules.object(any) }, three, rules);
    return merged === undefined ? [] : [merged];
  });
};
