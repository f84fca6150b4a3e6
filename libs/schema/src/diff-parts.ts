import type { DiffAnswers, TablePart, TablePartNoun } from './ask.js';
import type { Change } from './change.js';
import { equal } from './equal.js';
import {
  type Check,
  type ForeignKey,
  type Index,
  nameOf,
  type ObjectName,
  pathOf,
  type PrimaryKey,
  type Table,
  type Unique,
} from './model.js';

/** How one kind of table part is said as changes. */
interface PartVerbs<Part> {
  readonly noun: TablePartNoun;
  readonly add: (place: Place, part: Part) => Change;
  readonly drop: (place: Place, part: Part) => Change;
  readonly alter: (place: Place, from: Part, to: Part) => Change;
}
interface Place {
  readonly object: string;
  readonly table: ObjectName;
}
interface Parts {
  readonly drops: readonly Change[];
  readonly rest: readonly Change[];
}

const primaryKeys: PartVerbs<PrimaryKey> = {
  noun: 'primary-key',
  add: (place, primaryKey) => ({ kind: 'add-primary-key', ...place, primaryKey }),
  drop: (place, primaryKey) => ({ kind: 'drop-primary-key', ...place, primaryKey }),
  alter: (place, from, to) => ({ kind: 'alter-primary-key', ...place, from, to }),
};
const uniques: PartVerbs<Unique> = {
  noun: 'unique',
  add: (place, unique) => ({ kind: 'add-unique', ...place, unique }),
  drop: (place, unique) => ({ kind: 'drop-unique', ...place, unique }),
  alter: (place, from, to) => ({ kind: 'alter-unique', ...place, from, to }),
};
const foreignKeys: PartVerbs<ForeignKey> = {
  noun: 'foreign-key',
  add: (place, foreignKey) => ({ kind: 'add-foreign-key', ...place, foreignKey }),
  drop: (place, foreignKey) => ({ kind: 'drop-foreign-key', ...place, foreignKey }),
  alter: (place, from, to) => ({ kind: 'alter-foreign-key', ...place, from, to }),
};
const checks: PartVerbs<Check> = {
  noun: 'check',
  add: (place, check) => ({ kind: 'add-check', ...place, check }),
  drop: (place, check) => ({ kind: 'drop-check', ...place, check }),
  alter: (place, from, to) => ({ kind: 'alter-check', ...place, from, to }),
};
const indexes: PartVerbs<Index> = {
  noun: 'index',
  add: (place, index) => ({ kind: 'create-index', ...place, index }),
  drop: (place, index) => ({ kind: 'drop-index', ...place, index }),
  alter: (place, from, to) => ({ kind: 'alter-index', ...place, from, to }),
};

const isUnvalidated = (part: TablePart): boolean => 'validated' in part && part.validated === false;

/** What every engine can do in place: another comment, and validating a constraint that was not. */
export const alterableInPlace = (noun: TablePartNoun, from: TablePart, to: TablePart): boolean => {
  const validates = isUnvalidated(from) && !isUnvalidated(to);
  const like = { ...from, comment: to.comment, ...(validates ? { validated: undefined } : {}) };
  return equal(noun === 'primary-key' ? { ...like, name: to.name } : like, to);
};

const diffParts = <Value extends TablePart>(
  table: Table,
  from: readonly Value[],
  to: readonly Value[],
  { noun, add, drop, alter }: PartVerbs<Value>,
  { canAlter = alterableInPlace, key = (part: Value) => part.name }: Pick<DiffAnswers, 'canAlter'> & Key<Value>,
): Parts => {
  if (from === to) return { drops: [], rest: [] };
  const place = ({ name }: Value): Place => ({ object: pathOf(table, name), table: nameOf(table) });
  const [old, fresh] = [new Map(from.map((part) => [key(part), part])), new Map(to.map((part) => [key(part), part]))];
  const stays = (was: Value, now: Value): boolean => equal(was, now) || canAlter(noun, was, now);
  const drops = from.filter((part) => {
    const now = fresh.get(key(part));
    return now === undefined || !stays(part, now);
  });
  const rest = to.flatMap((part): readonly Change[] => {
    const was = old.get(key(part));
    if (was === undefined || !stays(was, part)) return [add(place(part), part)];
    return equal(was, part) ? [] : [alter(place(was), was, part)];
  });
  return { drops: drops.map((part) => drop(place(part), part)), rest };
};
interface Key<Value> {
  readonly key?: (part: Value) => string;
}

const keyOf = ({ primaryKey }: Table): readonly PrimaryKey[] => (primaryKey === undefined ? [] : [primaryKey]);

/** Keys, constraints and indexes: dropped before the columns move, made after. */
export const diffTableParts = (from: Table, to: Table, ask: DiffAnswers): Parts => {
  const alterable = ask.canAlter === undefined ? {} : { canAlter: ask.canAlter };
  const all = [
    diffParts(to, keyOf(from), keyOf(to), primaryKeys, { ...alterable, key: () => '' }),
    diffParts(to, from.uniques, to.uniques, uniques, alterable),
    diffParts(to, from.indexes, to.indexes, indexes, alterable),
    diffParts(to, from.checks, to.checks, checks, alterable),
    diffParts(to, from.foreignKeys, to.foreignKeys, foreignKeys, alterable),
  ];
  return { drops: all.toReversed().flatMap(({ drops }) => drops), rest: all.flatMap(({ rest }) => rest) };
};
