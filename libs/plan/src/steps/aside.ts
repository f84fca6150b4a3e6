import type { Pin } from '@dsem/engine';
import {
  type Change,
  type Column,
  equal,
  goneBy,
  invert,
  isStanding,
  madeBy,
  provides,
  type Reference,
  routineReference,
  sidesOf,
  type Standing,
} from '@dsem/schema';
import { contextOf, operation, type Operation, type Recipe } from '../operation.js';
import { rankOf } from '../rank.js';
import { isRoutine, keyOf, standing, usersOf } from './aside-users.js';

/** The key of the noun that a change moves, as if it were dropped. */
const movedKey = (change: Change): string | undefined => {
  const { before } = sidesOf(change);
  return before === undefined ? undefined : keyOf(before);
};

/** What has to be known to tell who steps aside. */
type Asked = Pick<Recipe, 'dialect' | 'from' | 'to' | 'version' | 'style'>;

/** Names that operations make, and those by which routines are called afterwards. */
interface Names {
  readonly made: ReadonlySet<Reference>;
  readonly called: ReadonlySet<Reference>;
}

/** What an operation pins: by what the dialect says, and because it drops what another operation makes again. */
const pinsOf = ({ rendered }: Operation, { made, called }: Names, recipe: Asked): readonly Pin[] => {
  const pins = recipe.dialect.pins?.(rendered, contextOf(recipe)) ?? [];
  const isOverload = rendered.kind === 'drop-routine';
  const own = isOverload ? pins.filter(({ reference }) => called.has(reference)) : pins;
  const again = goneBy(rendered).filter(
    (reference) => made.has(reference) && (own.length === 0 || !isRoutine(reference)),
  );
  return [...own, ...again.map((reference): Pin => ({ reference, replaced: true }))];
};

interface Away {
  readonly drop: Standing;
  /** Places of the operations it makes way for. */
  readonly for: number[];
}

/** All that steps aside for one operation, readers of readers included. */
const reach = (pins: readonly Pin[], own: string | undefined, users: (pin: Pin) => readonly Standing[]): Standing[] => {
  const found = new Map<string, Standing>();
  const open = [...pins];
  for (const pin of open) {
    for (const drop of users(pin)) {
      const key = keyOf(drop);
      if (key === own || found.has(key)) continue;
      found.set(key, drop);
      open.push(...provides(drop).map((reference): Pin => ({ reference, replaced: true })));
    }
  }
  return [...found.values()];
};

const awayFrom = (operations: readonly Operation[], recipe: Asked): ReadonlyMap<string, Away> => {
  const names = {
    made: new Set(operations.flatMap(({ rendered }) => madeBy(rendered))),
    called: new Set(recipe.to.routines.map(routineReference)),
  };
  const pins = operations.map((one) => pinsOf(one, names, recipe));
  const away = new Map<string, Away>();
  if (pins.every(({ length }) => length === 0)) return away;
  const users = usersOf(recipe.from, recipe.dialect.uses);
  pins.forEach((held, at) => {
    for (const drop of reach(held, movedKey(operations[at]!.rendered), users)) {
      const known = away.get(keyOf(drop));
      if (known) known.for.push(at);
      else away.set(keyOf(drop), { drop, for: [at] });
    }
  });
  return away;
};

/** Places of operations that say that they belong together. */
const bundlesOf = (operations: readonly Operation[]): readonly (readonly number[])[] => {
  const bundles = new Map<string, number[]>();
  operations.forEach(({ together }, at) => {
    if (together !== undefined) bundles.set(together, [...(bundles.get(together) ?? []), at]);
  });
  return [...bundles.values()];
};

/** Operations that share something that steps aside belong together. Gives each the first of its kind. */
const groupsOf = (sharers: readonly (readonly number[])[]): ReadonlyMap<number, number> => {
  const leader = new Map<number, number>();
  const find = (at: number): number => {
    const up = leader.get(at) ?? at;
    return up === at ? at : find(up);
  };
  for (const places of sharers) {
    const roots = places.map(find);
    const least = Math.min(...roots);
    for (const root of [...roots, ...places]) leader.set(root, least);
  }
  return new Map([...leader.keys()].map((at) => [at, find(at)]));
};

interface Span {
  readonly first: number;
  readonly last: number;
}

const rankIn = (one: Operation): number => one.rank ?? rankOf(one.rendered);

const spansOf = (operations: readonly Operation[], groups: ReadonlyMap<number, number>): ReadonlyMap<number, Span> => {
  const spans = new Map<number, Span>();
  for (const [at, group] of groups) {
    const rank = rankIn(operations[at]!);
    const known = spans.get(group) ?? { first: rank, last: rank };
    spans.set(group, { first: Math.min(known.first, rank), last: Math.max(known.last, rank) });
  }
  return spans;
};

/** Where something that steps aside belongs, and what happens to it anyway. */
interface Place extends Span {
  readonly operations: readonly Operation[];
  /** What becomes of the operations; filled in. */
  readonly changed: (Operation | undefined)[];
  /** The operations that change it anyway. */
  readonly at: readonly number[];
  readonly group: number;
  readonly origin: number;
}

const wholeAside = (drop: Standing, again: Standing | undefined, place: Place): readonly Operation[] => {
  const { operations, changed, group, first, last } = place;
  const at = place.at.find((one) => isStanding(operations[one]!.rendered)) ?? place.at.at(-1);
  const own = at === undefined ? undefined : operations[at]!;
  if (own !== undefined && isStanding(own.rendered)) {
    changed[at!] = { ...own, rank: Math.min(rankIn(own), first), group, part: -1 };
    return [];
  }
  if (again === undefined) return [];
  for (const one of place.at) changed[one] = undefined;
  const origin = own?.origin ?? place.origin;
  return [
    { ...operation(drop, origin, first), judged: null, group, part: -1 },
    { ...operation(invert(again), origin, last), judged: own?.rendered ?? null, group, part: 1 },
  ];
};

type OfColumn = Extract<Standing, { readonly column: Column }>;

/** Whether what steps aside is the default of a column; generated columns step aside as a whole. */
const isDefault = (drop: Standing): drop is OfColumn =>
  drop.kind === 'drop-column' && drop.column.generated === undefined;

const bare = ({ default: _, ...column }: Column): Column => column;

type OfAspect = Extract<Change, { readonly from: Column; readonly object: string; readonly table: object }>;

const isOfAspect = (change: Change): change is OfAspect =>
  'from' in change && 'table' in change && typeof change.from === 'object' && 'nullable' in change.from;

/** A change of a column as it is while the default is away; undefined where nothing else changes. */
const withoutDefault = (change: Change): Change | undefined => {
  if (!isOfAspect(change)) return change;
  const [from, to] = [bare(change.from), bare(change.to)];
  return equal(from, to) ? undefined : { ...change, from, to };
};

const defaultAside = (drop: OfColumn, again: Standing | undefined, place: Place): readonly Operation[] => {
  const { operations, changed, at: ats, group, first, last } = place;
  const own = ats.map((at) => operations[at]!);
  if (own.some(({ rendered }) => isStanding(rendered)) || (again === undefined && own.length === 0))
    return wholeAside(drop, undefined, place);
  for (const at of ats) {
    const one = operations[at]!;
    const rendered = withoutDefault(one.rendered);
    const changes = one.changes.map(withoutDefault).filter((change) => change !== undefined);
    changed[at] = rendered && { part: 0, ...one, rendered, changes, group };
  }
  const { object, table, column } = drop;
  const of = { object, table };
  const origins = [place.origin, ...own.map(({ origin }) => origin)];
  const gone: Change = { kind: 'drop-default', ...of, from: column, to: bare(column) };
  const takes = { ...operation(gone, own[0]?.origin ?? place.origin, first), judged: null, group, part: -1 as const };
  if (again === undefined || !isDefault(again)) return [takes];
  const back: Change = { kind: 'set-default', ...of, from: bare(again.column), to: again.column };
  const judged = own.find(({ rendered }) => rendered.kind === 'change-default')?.rendered ?? null;
  return [takes, { ...operation(back, Math.max(...origins), last), judged, group, part: 1 }];
};

/** For each overload that goes, the places of those of its name that come. */
const successorsOf = (operations: readonly Operation[]): ((at: number) => readonly number[]) => {
  const makers = new Map<Reference, number[]>();
  operations.forEach(({ rendered }, at) => {
    for (const reference of madeBy(rendered).filter(isRoutine))
      makers.set(reference, [...(makers.get(reference) ?? []), at]);
  });
  return (at) => goneBy(operations[at]!.rendered).flatMap((reference) => makers.get(reference) ?? []);
};

/** An operation that others step aside for; an overload that gives way to another one goes when that one comes. */
const member = (one: Operation, group: number, successors: readonly Operation[]): Operation => {
  const ranks = successors.map(rankIn);
  return { part: 0, ...one, ...(ranks.length === 0 ? {} : { rank: Math.min(...ranks) }), group };
};

/**
 * Adds to the operations those that take objects out of the way of others and make them again: views, code and
 * constraints that the engine does not let stand while a change is carried out. What changes anyway while it is away
 * comes back in its new form. O(operations + objects) when something is pinned, else O(operations).
 */
export const withAsides = (operations: readonly Operation[], recipe: Asked): readonly Operation[] => {
  const away = awayFrom(operations, recipe);
  const successors = successorsOf(operations);
  const sharers = [
    ...bundlesOf(operations),
    ...[...away.values()].map(({ for: places }) => [...places, ...places.flatMap(successors)]),
  ];
  if (sharers.length === 0) return operations;
  const groups = groupsOf(sharers);
  const grouped = operations.map((one, at) => {
    const group = groups.get(at);
    return group === undefined
      ? one
      : member(
          one,
          group,
          successors(at).map((other) => operations[other]!),
        );
  });
  const spans = spansOf(grouped, groups);
  const wanted = standing(recipe.to);
  const moved = new Map<string, number[]>();
  operations.forEach((one, at) => {
    const key = movedKey(one.rendered) ?? `${at}`;
    moved.set(key, [...(moved.get(key) ?? []), at]);
  });
  const changed: (Operation | undefined)[] = [...grouped];
  const added = [...away].flatMap(([key, { drop, for: places }]): readonly Operation[] => {
    const group = groups.get(places[0]!)!;
    const at = moved.get(key) ?? [];
    const place = { operations, changed, at, group, ...spans.get(group)!, origin: operations[places[0]!]!.origin };
    return isDefault(drop) ? defaultAside(drop, wanted.get(key), place) : wholeAside(drop, wanted.get(key), place);
  });
  const isTaken = ({ rendered, part }: Operation): boolean => rendered.kind === 'drop-default' && part === -1;
  // A default is away before its column changes otherwise.
  const taken = added.filter(isTaken);
  return [...taken, ...changed.filter((one) => one !== undefined), ...added.filter((one) => !isTaken(one))];
};
