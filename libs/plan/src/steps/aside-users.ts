import type { Dialect, Pin } from '@dsem/engine';
import {
  type Change,
  engineObjectPath,
  hardUses,
  nameOf,
  type ObjectName,
  onTablePath,
  pathOf,
  type Reference,
  routinePath,
  type Schema,
  type Standing,
  type Table,
  UnsupportedChange,
} from '@dsem/schema';

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

/** Columns for their defaults, which name routines beside what the column's type names. */
const defaultsOf = (schema: Schema): readonly Standing[] =>
  schema.tables.flatMap((table) =>
    table.columns
      .filter(({ default: value, generated }) => value !== undefined && generated === undefined)
      .map((column): Standing => ({ kind: 'drop-column', ...placeOf(table, column.name), column })),
  );

/** A partitioned table for what its key calls, and nothing else of it. */
const byKey = ({ primaryKey: _, ...table }: Table): Standing => ({
  kind: 'drop-table',
  object: pathOf(table),
  table: { ...table, columns: [], uniques: [], foreignKeys: [], checks: [], indexes: [] },
});

/** What can neither step aside nor be carried along. */
const fixedOf = (schema: Schema): readonly Standing[] => [
  ...schema.types.map((type): Standing => ({ kind: 'drop-type', object: pathOf(type), type })),
  ...schema.tables.filter(({ partitioning }) => partitioning !== undefined).map(byKey),
];

/** What identifies the noun that a change brings or takes. */
export const keyOf = ({ kind, object }: Change): string => `${kind} ${object}`;

/** Everything that may step aside, by its key. */
export const standing = (schema: Schema): ReadonlyMap<string, Standing> =>
  new Map([...codeOf(schema), ...carriedOf(schema), ...defaultsOf(schema)].map((one) => [keyOf(one), one]));

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

/** Whether a reference is the name of routines. */
export const isRoutine = (reference: Reference): boolean => reference.startsWith('routine ');

const refuseFixed = (fixed: readonly Standing[], reference: Reference): void => {
  for (const { kind, object } of fixed) {
    const [who, noun] =
      kind === 'drop-table' ? ['the key of its partitions calls', 'table'] : ['the type calls', 'type'];
    throw new UnsupportedChange(
      `${object}: ${who} the ${reference} and would have to be made anew with it; a ${noun} cannot step aside for that.`,
      { object },
    );
  }
};

/**
 * Who must step aside for a pin in this state. O(objects) once, then O(users).
 * @throws UnsupportedChange naming a type or partitioned table that calls a routine which is to be made anew, or might mean a new overload.
 */
export const usersOf = (schema: Schema, uses: Dialect['uses']): ((pin: Pin) => readonly Standing[]) => {
  const indexes = new Map<unknown, Users>();
  const usersIn = (list: (schema: Schema) => readonly Standing[]): Users => {
    const known = indexes.get(list) ?? indexed(list(schema), uses);
    indexes.set(list, known);
    return known;
  };
  return ({ reference, replaced, carries }) => {
    const named = [reference, ...wildcard(reference)];
    const lists = [codeOf, ...(replaced ? [carriedOf] : []), ...(isRoutine(reference) ? [defaultsOf] : [])];
    const stays = (user: Standing): boolean => carries?.(user) === true;
    const find = (list: (schema: Schema) => readonly Standing[]): readonly Standing[] =>
      named.flatMap((one) => usersIn(list).get(one) ?? []).filter((user) => !stays(user));
    if (isRoutine(reference)) refuseFixed(find(fixedOf), reference);
    return lists.flatMap(find);
  };
};
