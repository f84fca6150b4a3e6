import { tableShell } from './apply.js';
import { canonicalJson, sha256 } from './digest.js';
import { parentsByPath } from './inheritance.js';
import { type Schema, type Table, pathOf } from './model.js';
import { primaryKeySlot, type Slot, slots, tableSlots } from './slot.js';

/** Digests by footprint key; null says that the object is absent. */
export type FootprintPart = Readonly<Record<string, string | null>>;

/** What differs between two states, seen from both sides. */
export interface FootprintDelta {
  readonly before: FootprintPart;
  readonly after: FootprintPart;
}

const digests = new WeakMap<object, string>();

/** Shared objects are hashed once, so a persistent apply costs only what it changed. */
const digestOf = (value: object, seen: object = value): string => {
  const known = digests.get(seen);
  if (known !== undefined) return known;
  const made = sha256(canonicalJson(value));
  digests.set(seen, made);
  return made;
};

type Entry = readonly [key: string, digest: string];

/** A slot whose values count alone; a table counts as its shell plus each part. */
interface Tracked<Container> {
  readonly entries: (container: Container) => readonly Entry[];
  readonly changed: (before: Container, after: Container) => readonly [readonly Entry[], readonly Entry[]];
}

/** The two arrays without what they share by reference at both ends: all that one persistent apply leaves is the rest. */
const trimmed = <Value>(a: readonly Value[], b: readonly Value[]): readonly [readonly Value[], readonly Value[]] => {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
};

const tracked = <Container, Value>(
  slot: Slot<Container, Value>,
  entriesOf: (value: Value, container: Container) => readonly Entry[],
): Tracked<Container> => ({
  entries: (container) => slot.read(container).flatMap((value) => entriesOf(value, container)),
  changed: (before, after) => {
    const [old, fresh] = trimmed(slot.read(before), slot.read(after));
    return [old.flatMap((value) => entriesOf(value, before)), fresh.flatMap((value) => entriesOf(value, after))];
  },
});

const part = <Value extends object & { readonly name: string }>(slot: Slot<Table, Value>): Tracked<Table> =>
  tracked(slot, (value, table) => [[`${slot.noun} ${pathOf(table, value.name)}`, digestOf(value)]]);

const tableParts: readonly Tracked<Table>[] = [
  part(tableSlots.column),
  part(primaryKeySlot),
  part(tableSlots.unique),
  part(tableSlots['foreign-key']),
  part(tableSlots.check),
  part(tableSlots.index),
];

const shells = new WeakMap<Table, string>();
const shellEntry = (table: Table): Entry => {
  const known = shells.get(table) ?? sha256(canonicalJson({ ...tableShell(table), ...parentsByPath(table) }));
  shells.set(table, known);
  return [`table ${pathOf(table)}`, known];
};

const tableEntries = (table: Table): readonly Entry[] => [
  shellEntry(table),
  ...tableParts.flatMap(({ entries }) => entries(table)),
];

type Sides = readonly [readonly Entry[], readonly Entry[]];

const tableSides = (before: Table, after: Table): Sides => {
  const sides = tableParts.map(({ changed }) => changed(before, after));
  return [
    [shellEntry(before), ...sides.flatMap(([old]) => old)],
    [shellEntry(after), ...sides.flatMap(([, fresh]) => fresh)],
  ];
};

/** Tables that stand on both sides are compared part by part. */
const tables: Tracked<Schema> = {
  entries: (schema) => schema.tables.flatMap(tableEntries),
  changed: (before, after) => {
    const [old, fresh] = trimmed(before.tables, after.tables);
    const now = new Map(fresh.map((table) => [pathOf(table), table]));
    const was = new Set(old.map((table) => pathOf(table)));
    const both = old.map((table): Sides => {
      const next = now.get(pathOf(table));
      return next === undefined ? [tableEntries(table), []] : next === table ? [[], []] : tableSides(table, next);
    });
    const created = fresh.filter((table) => !was.has(pathOf(table))).flatMap(tableEntries);
    return [both.flatMap(([entries]) => entries), [...both.flatMap(([, entries]) => entries), ...created]];
  },
};

const top = <Value extends object>(slot: Slot<Schema, Value>): Tracked<Schema> =>
  tracked(slot, (value) => [[`${slot.noun} ${slot.path(value)}`, digestOf(value)]]);

const all: readonly Tracked<Schema>[] = [
  top(slots.namespace),
  top(slots.extension),
  top(slots.type),
  top(slots.sequence),
  tables,
  top(slots.routine),
  top(slots.view),
  top(slots.trigger),
  top(slots.policy),
  top(slots.grant),
  top(slots.object),
];

/**
 * One digest per object and sub-object, by key `<noun> <path>` (`column public.users.email`): what a catalogue probe
 * compares. `table x` covers options, comment and partitioning without its parts. The state must be in normal form.
 * O(schema) the first time, then only what is not shared with a state seen before.
 */
export const footprint = (schema: Schema): ReadonlyMap<string, string> =>
  new Map(all.flatMap(({ entries }) => entries(schema)));

/** The keys whose digest differs, with both digests. O(changed objects) and one pass of pointer comparisons. */
export const footprintDelta = (before: Schema, after: Schema): FootprintDelta => {
  const sides = all.map(({ changed }) => changed(before, after));
  const old = new Map(sides.flatMap(([entries]) => entries));
  const fresh = new Map(sides.flatMap(([, entries]) => entries));
  const keys = [...new Set([...old.keys(), ...fresh.keys()])].filter((key) => old.get(key) !== fresh.get(key));
  const side = (entries: ReadonlyMap<string, string>): FootprintPart =>
    Object.fromEntries(keys.map((key) => [key, entries.get(key) ?? null]));
  return { before: side(old), after: side(fresh) };
};
