import { equal } from '../equal.js';
import { type ObjectName, nameOf, pathOf, type Schema } from '../model.js';
import { openHints, type RenameHint } from '../rename-hint.js';
import { type Place, placeKey, type Side, type Three, UnusableResolution } from './conflict.js';
import type { Judge } from './judge.js';
import { columnsOf, isSame, type Scope, tables } from './scope.js';

/** Three states in which a table or column has one name, whoever renamed it. */
export interface Aligned {
  readonly base: Schema;
  readonly ours: Schema;
  readonly theirs: Schema;
  /** Objects that are as on one side, because the other one dropped what it renamed. */
  readonly sides: ReadonlyMap<string, Side>;
  /** From the names that ours has, or the base where ours changed none, to the merged ones. */
  readonly renamedFrom: readonly RenameHint[];
}

type State = 'base' | Side;
type States = { [Name in State]: Schema };
/** What one object is called in each state; undefined where a side dropped it. */
type Names = { readonly base: ObjectName } & { [Name in Side]: ObjectName | undefined };

const other = (side: Side): Side => (side === 'ours' ? 'theirs' : 'ours');

/** A decided name; an edited one comes as JSON from outside. */
const readName = (value: ObjectName | undefined, { object }: Place): ObjectName => {
  if (typeof value === 'object' && typeof value.name === 'string' && value.name !== '') return nameOf(value);
  throw new UnusableResolution(`${object}: an edited name looks like {"name": "..."}`, { object });
};

/** Gives each renamed object of one scope one name in all three states. */
class Aligning {
  constructor(
    private readonly scope: Scope,
    private readonly states: States,
    private readonly judge: Judge,
    private readonly sides: Map<string, Side>,
  ) {}

  /** The names after it, of the objects that are renamed. O(renames x schema). */
  align(all: readonly Names[]): readonly { readonly names: Names; readonly now: ObjectName }[] {
    const moves = all.flatMap((names) => {
      const now = this.nameFor(names, all);
      return now === undefined ? [] : [{ names, now }];
    });
    for (const state of ['base', 'ours', 'theirs'] as const) this.move(state, moves);
    return moves;
  }

  private place(name: ObjectName): Place {
    return { noun: this.scope.noun, object: this.scope.object(name) };
  }

  /** Over names that nobody has, so that two objects may change their names with each other. */
  private move(state: State, moves: readonly { readonly names: Names; readonly now: ObjectName }[]): void {
    const open = moves.flatMap(({ names, now }, at) => {
      const from = names[state];
      return from === undefined || equal(from, now) ? [] : [{ from, by: { ...now, name: `\0${at}` }, now }];
    });
    for (const { from, by } of open) this.rename(state, from, by);
    for (const { by, now } of open) this.rename(state, by, now);
  }

  private rename(state: State, from: ObjectName, to: ObjectName): void {
    this.states[state] = this.scope.move(this.states[state], from, to);
  }

  private nameFor(names: Names, all: readonly Names[]): ObjectName | undefined {
    const { base, ours, theirs } = names;
    if (ours === undefined || theirs === undefined) return this.againstDrop(names);
    if (equal(ours, theirs)) return ours;
    if (equal(base, theirs)) return this.free(names, 'ours', all);
    if (equal(base, ours)) return this.free(names, 'theirs', all);
    const place = this.place(base);
    const why = `both sides renamed the ${place.noun} ${place.object}, to ${this.scope.object(ours)} and to ${this.scope.object(theirs)}`;
    const three = { base, ours, theirs };
    return readName(this.judge.dispute(place, three, { kind: 'rename', aspect: 'name', why, proposal: ours }), place);
  }

  private againstDrop({ base, ours, theirs }: Names): ObjectName | undefined {
    const now = ours ?? theirs;
    if (now === undefined || equal(now, base)) return undefined;
    const renamer: Side = ours === undefined ? 'theirs' : 'ours';
    const place = this.place(base);
    const why = `${renamer} renamed the ${place.noun} ${place.object} to ${this.scope.object(now)}, ${other(renamer)} dropped it`;
    const three: Three<ObjectName> = { base, ours, theirs };
    const kept = this.judge.dispute(place, three, { kind: 'rename', aspect: 'name', why, proposal: now });
    this.sides.set(placeKey(this.place(now)), kept === undefined ? other(renamer) : renamer);
    return now;
  }

  /** The new name that one side gave; the name may be taken on the other side. */
  private free(names: Names, renamer: Side, all: readonly Names[]): ObjectName | undefined {
    const now = names[renamer]!;
    const rival = other(renamer);
    const { states, scope } = this;
    if (all.some(({ base, [renamer]: then }) => equal(base, now) && !equal(then, now))) return now;
    if (scope.find(states[rival], now) !== undefined && !isSame(scope, now, states.base, states[rival]))
      return this.collide(names, renamer, all);
    states.base = scope.without(states.base, now);
    states[rival] = scope.without(states[rival], now);
    return now;
  }

  /** Each side calls another object by that name. */
  private collide(names: Names, renamer: Side, all: readonly Names[]): ObjectName {
    const rival = other(renamer);
    const now = names[renamer]!;
    const place = this.place(now);
    const holder = all.find((one) => one !== names && equal(one[rival], now));
    const was: Three<ObjectName> = {
      base: undefined,
      ours: now,
      theirs: now,
      [renamer]: names.base,
      [rival]: holder?.base ?? now,
    };
    const did =
      holder === undefined ? `added a ${place.noun} of that name` : `gave it to ${this.scope.object(holder.base)}`;
    const why = `${renamer} renamed ${this.scope.object(names.base)} to ${place.object}, ${rival} ${did}`;
    const proposal = { ...now, name: `${now.name}_2` };
    const taken = readName(this.judge.dispute(place, was, { kind: 'name', aspect: 'name', why, proposal }), place);
    if (equal(taken, was[rival])) {
      this.rename(renamer, now, names.base);
      names[renamer] = names.base;
      return names.base;
    }
    const keeps = equal(taken, was[renamer]);
    if (keeps && holder === undefined) this.states[rival] = this.scope.without(this.states[rival], now);
    else this.giveName(rival, now, keeps ? holder!.base : taken, holder);
    return now;
  }

  private giveName(side: Side, from: ObjectName, to: ObjectName, holder: Names | undefined): void {
    this.rename(side, from, to);
    if (holder !== undefined) holder[side] = to;
  }
}

interface Moved {
  readonly names: Names;
  readonly now: ObjectName;
}

const tableNames = (states: States, hints: SideHints): readonly Names[] => {
  const renamed = (side: Side): ReadonlyMap<string, ObjectName> =>
    new Map(
      hints[side].flatMap(({ table, column, was }) => (column === undefined ? [[pathOf(was), table] as const] : [])),
    );
  const [ours, theirs] = [renamed('ours'), renamed('theirs')];
  return states.base.tables
    .filter((table) => ours.has(pathOf(table)) || theirs.has(pathOf(table)))
    .map((table) => {
      const base = nameOf(table);
      const here = (side: Side, to: ReadonlyMap<string, ObjectName>): ObjectName | undefined =>
        to.get(pathOf(base)) ?? (tables.find(states[side], base) === undefined ? undefined : base);
      return { base, ours: here('ours', ours), theirs: here('theirs', theirs) };
    });
};

type SideHints = { readonly [Name in Side]: readonly RenameHint[] };

/** The columns that either side renamed, by their table's path after the tables have one name. */
const columnNames = (
  states: States,
  hints: SideHints,
  moved: readonly Moved[],
): ReadonlyMap<string, { readonly table: ObjectName; readonly names: readonly Names[] }> => {
  const now = (side: Side): ReadonlyMap<string, ObjectName> =>
    new Map(
      moved.flatMap(({ names, now: to }) => (names[side] === undefined ? [] : [[pathOf(names[side]), to] as const])),
    );
  const found = new Map<string, { table: ObjectName; names: Map<string, Names> }>();
  for (const side of ['ours', 'theirs'] as const) {
    const to = now(side);
    for (const { table: called, column, was } of hints[side]) {
      if (column === undefined) continue;
      const table = to.get(pathOf(called)) ?? nameOf(called);
      const entry = found.get(pathOf(table)) ?? { table, names: new Map<string, Names>() };
      found.set(pathOf(table), entry);
      const base = { name: was.name };
      const stands = (state: Side): ObjectName | undefined =>
        columnsOf(table).find(states[state], base) === undefined ? undefined : base;
      const names = entry.names.get(was.name) ?? { base, ours: stands('ours'), theirs: stands('theirs') };
      names[side] = { name: column };
      entry.names.set(was.name, names);
    }
  }
  return new Map([...found].map(([path, { table, names }]) => [path, { table, names: [...names.values()] }]));
};

/** What the merged state says of earlier names, seen from ours. */
const earlier = ({ names, now }: Moved): ObjectName | undefined => {
  const was = names.ours ?? names.base;
  if (!equal(was, now)) return was;
  return equal(names.base, now) ? undefined : names.base;
};

/**
 * Gives each table and column that a side renamed one name in all three states, tables first. O(renames x schema).
 * @throws UnusableResolution when an edited name is none
 */
export const align = (given: States, said: SideHints, judge: Judge): Aligned => {
  const hints = {
    ours: openHints(given.base, given.ours, said.ours),
    theirs: openHints(given.base, given.theirs, said.theirs),
  };
  const states = { ...given };
  const sides = new Map<string, Side>();
  const moved = new Aligning(tables, states, judge, sides).align(tableNames(states, hints));
  const renamedFrom: RenameHint[] = moved.flatMap((one) => {
    const was = earlier(one);
    return was === undefined ? [] : [{ table: one.now, was }];
  });
  for (const { table, names } of columnNames(states, hints, moved).values()) {
    const columns = new Aligning(columnsOf(table), states, judge, sides).align(names);
    for (const one of columns) {
      const was = earlier(one);
      if (was !== undefined) renamedFrom.push({ table, column: one.now.name, was });
    }
  }
  return { ...states, sides, renamedFrom };
};
