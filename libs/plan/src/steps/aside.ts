import type { Dialect, Pin } from '@dsem/engine';
import {
  type Change,
  engineObjectPath,
  goneBy,
  hardUses,
  invert,
  isStanding,
  madeBy,
  nameOf,
  type ObjectName,
  onTablePath,
  pathOf,
  provides,
  type Reference,
  routinePath,
  type Schema,
  sidesOf,
  type Standing,
  type Table,
} from '@dsem/schema';
import { contextOf, operation, type Operation, type Recipe } from '../operation.js';
import { rankOf } from '../rank.js';

/** Code that names other objects: the engine never changes it by itself. */
const codeOf = (schema: Schema): readonly Standing[] => [
  ...schema.views.map((view): Standing => ({ kind: 'drop-view', object: pathOf(view), view })),
  ...schema.triggers.map((trigger): Standing => ({ kind: 'drop-trigger', object: onTablePath(trigger), trigger })),
  ...schema.policies.map((policy): Standing => ({ kind: 'drop-policy', object: onTablePath(policy), policy })),
  ...schema.routines.map((routine): Standing => ({ kind: 'drop-routine', object: routinePath(routine), routine })),
  ...schema.others.map((value): Standing => ({ kind: 'drop-object', object: engineObjectPath(value), value })),
  ...schema.tables.flatMap((table) =>
    table.columns
      .filter(({ generated }) => generated !== undefined)
      .map((column): Standing => ({ kind: 'drop-column', ...placeOf(table, column.name), column })),
  ),
];

const placeOf = (table: Table, part: string): { readonly object: string; readonly table: ObjectName } => ({
  object: pathOf(table, part),
  table: nameOf(table),
});

const partsOf = (table: Table): readonly Standing[] => {
  const { primaryKey, uniques, foreignKeys, checks, indexes } = table;
  const keys = primaryKey === undefined ? [] : [primaryKey];
  return [
    ...keys.map((key): Standing => ({ kind: 'drop-primary-key', ...placeOf(table, key.name), primaryKey: key })),
    ...uniques.map((unique): Standing => ({ kind: 'drop-unique', ...placeOf(table, unique.name), unique })),
    ...foreignKeys.map((key): Standing => ({ kind: 'drop-foreign-key', ...placeOf(table, key.name), foreignKey: key })),
    ...checks.map((check): Standing => ({ kind: 'drop-check', ...placeOf(table, check.name), check })),
    ...indexes.map((index): Standing => ({ kind: 'drop-index', ...placeOf(table, index.name), index })),
  ];
};

/** What the engine carries along with a change of what it names, but not through a drop. */
const carriedOf = (schema: Schema): readonly Standing[] => [
  ...schema.tables.flatMap(partsOf),
  ...schema.grants.map((grant): Standing => ({ kind: 'drop-grant', object: grant.name, grant })),
];

const keyOf = ({ kind, object }: Change): string => `${kind} ${object}`;

/** The key of the noun that a change moves, as if it were dropped. */
const movedKey = (change: Change): string | undefined => {
  const { before } = sidesOf(change);
  return before === undefined ? undefined : keyOf(before);
};

const standing = (schema: Schema): ReadonlyMap<string, Standing> =>
  new Map([...codeOf(schema), ...carriedOf(schema)].map((one) => [keyOf(one), one]));

type Users = ReadonlyMap<Reference, readonly Standing[]>;

const indexed = (all: readonly Standing[], uses: Dialect['uses']): Users => {
  const users = new Map<Reference, Standing[]>();
  for (const one of all) {
    for (const used of new Set(hardUses(one, uses))) {
      const known = users.get(used);
      if (known) known.push(one);
      else users.set(used, [one]);
    }
  }
  return users;
};

/** `column public.t.*` for `column public.t.c`: code that reads all columns. */
const wildcard = (reference: Reference): readonly Reference[] =>
  reference.startsWith('column ') ? [reference.replace(/\.(?:"(?:[^"\\]|\\.)*"|[^."]*)$/, '."*"') as Reference] : [];

/** Who must step aside for a pin in this state. O(objects) once, then O(users). */
const usersOf = (schema: Schema, uses: Dialect['uses']): ((pin: Pin) => readonly Standing[]) => {
  const code = indexed(codeOf(schema), uses);
  let carried: Users | undefined;
  return ({ reference, replaced, carries }) => {
    const named = [reference, ...wildcard(reference)];
    const found = named.flatMap((one) => code.get(one) ?? []);
    if (!replaced) return found;
    carried ??= indexed(carriedOf(schema), uses);
    const all = carried;
    const rest = named.flatMap((one) => all.get(one) ?? []);
    return [...found, ...rest.filter((user) => carries?.(user) !== true)];
  };
};

/** What has to be known to tell who steps aside. */
type Asked = Pick<Recipe, 'dialect' | 'from' | 'to' | 'version' | 'style'>;

/** What an operation pins: by what the dialect says, and because it drops what another operation makes again. */
const pinsOf = ({ rendered }: Operation, made: ReadonlySet<Reference>, recipe: Asked): readonly Pin[] => [
  ...(recipe.dialect.pins?.(rendered, contextOf(recipe)) ?? []),
  ...goneBy(rendered)
    .filter((reference) => made.has(reference))
    .map((reference): Pin => ({ reference, replaced: true })),
];

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
  const made = new Set(operations.flatMap(({ rendered }) => madeBy(rendered)));
  const pins = operations.map((one) => pinsOf(one, made, recipe));
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

/**
 * Adds to the operations those that take objects out of the way of others and make them again: views, code and
 * constraints that the engine does not let stand while a change is carried out. What changes anyway while it is away
 * comes back in its new form. O(operations + objects) when something is pinned, else O(operations).
 */
export const withAsides = (operations: readonly Operation[], recipe: Asked): readonly Operation[] => {
  const away = awayFrom(operations, recipe);
  const sharers = [...bundlesOf(operations), ...[...away.values()].map(({ for: places }) => places)];
  if (sharers.length === 0) return operations;
  const groups = groupsOf(sharers);
  const spans = spansOf(operations, groups);
  const wanted = standing(recipe.to);
  const moved = new Map(operations.map((one, at) => [movedKey(one.rendered) ?? `${at}`, at]));
  const changed = operations.map((one, at): Operation | undefined => {
    const group = groups.get(at);
    return group === undefined ? one : { part: 0, ...one, group };
  });
  const added = [...away].flatMap(([key, { drop, for: places }]): readonly Operation[] => {
    const group = groups.get(places[0]!)!;
    const { first, last } = spans.get(group)!;
    const at = moved.get(key);
    const own = at === undefined ? undefined : operations[at]!;
    if (own !== undefined && isStanding(own.rendered)) {
      changed[at!] = { ...own, rank: Math.min(rankIn(own), first), group, part: -1 };
      return [];
    }
    const again = wanted.get(key);
    if (again === undefined) return [];
    if (at !== undefined) changed[at] = undefined;
    const origin = own?.origin ?? operations[places[0]!]!.origin;
    const back = invert(again);
    return [
      { ...operation(drop, origin, first), judged: null, group, part: -1 },
      { ...operation(back, origin, last), judged: own?.rendered ?? null, group, part: 1 },
    ];
  });
  return [...changed.filter((one) => one !== undefined), ...added];
};
