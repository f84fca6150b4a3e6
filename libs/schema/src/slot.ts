import {
  type EngineObject,
  type Extension,
  type Grant,
  type ObjectName,
  type PrimaryKey,
  type Routine,
  type Schema,
  type Table,
  pathOf,
} from './model.js';

/** Where the objects of one noun live inside their container, and what identifies one of them there. */
export interface Slot<Container, Value> {
  readonly noun: string;
  readonly read: (container: Container) => readonly Value[];
  readonly write: (container: Container, values: readonly Value[]) => Container;
  /** Identity inside the container; also the sort key of the normal form. */
  readonly path: (value: Value) => string;
}

/** Extensions are identified by name alone: the namespace they install into is a property. */
export const extensionPath = (extension: Pick<Extension, 'name'>): string => pathOf({ name: extension.name });

/** Overloads of one routine differ by their signature. */
export const routinePath = (routine: Pick<Routine, 'namespace' | 'name' | 'signature'>): string =>
  `${pathOf(routine)}(${routine.signature})`;

/** The path of a trigger or policy, which is named inside its table. */
export const onTablePath = (value: { readonly table: ObjectName; readonly name: string }): string =>
  pathOf(value.table, value.name);

/** Grants are shown by their whole name, `<grantee> on <object path>`. */
export const grantPath = (grant: Pick<Grant, 'name'>): string => grant.name;

/** Engine objects of different kinds may share a name, so the kind stands in front. */
export const engineObjectPath = (value: Pick<EngineObject, 'kind' | 'namespace' | 'name'>): string =>
  `${value.kind} ${pathOf(value)}`;

type Collection = Exclude<keyof Schema, 'engine'>;

const ofSchema = <Key extends Collection>(
  key: Key,
  noun: string,
  path: (value: Schema[Key][number]) => string,
): Slot<Schema, Schema[Key][number]> => ({
  noun,
  path,
  read: (schema) => schema[key],
  write: (schema, values) => ({ ...schema, [key]: values }),
});

/** The collections of a schema, in an order in which they can be created. */
export const slots = {
  namespace: ofSchema('namespaces', 'namespace', (value) => pathOf(value)),
  extension: ofSchema('extensions', 'extension', extensionPath),
  type: ofSchema('types', 'type', (value) => pathOf(value)),
  sequence: ofSchema('sequences', 'sequence', (value) => pathOf(value)),
  table: ofSchema('tables', 'table', (value) => pathOf(value)),
  routine: ofSchema('routines', 'routine', routinePath),
  view: ofSchema('views', 'view', (value) => pathOf(value)),
  trigger: ofSchema('triggers', 'trigger', onTablePath),
  policy: ofSchema('policies', 'policy', onTablePath),
  grant: ofSchema('grants', 'grant', grantPath),
  object: ofSchema('others', 'object', engineObjectPath),
} as const;

type Children = 'columns' | 'uniques' | 'foreignKeys' | 'checks' | 'indexes';

const ofTable = <Key extends Children>(key: Key, noun: string): Slot<Table, Table[Key][number]> => ({
  noun,
  path: (value) => value.name,
  read: (table) => table[key],
  write: (table, values) => ({ ...table, [key]: values }),
});

/** The named parts of a table whose order has no meaning, and its columns, whose order is kept. */
export const tableSlots = {
  column: ofTable('columns', 'column'),
  unique: ofTable('uniques', 'unique'),
  'foreign-key': ofTable('foreignKeys', 'foreign-key'),
  check: ofTable('checks', 'check'),
  index: ofTable('indexes', 'index'),
} as const;

/** A table's primary key as a list of at most one. */
export const primaryKeySlot: Slot<Table, PrimaryKey> = {
  noun: 'primary-key',
  read: ({ primaryKey }) => (primaryKey === undefined ? [] : [primaryKey]),
  write: ({ primaryKey: _, ...table }, [key]) => (key === undefined ? table : { ...table, primaryKey: key }),
  path: ({ name }) => name,
};

/** Order of the normal form: by UTF-16 code unit, the same on every machine and in every locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether values stand in normal order already. O(n). */
export const isInOrder = <Value>(values: readonly Value[], path: (value: Value) => string): boolean => {
  let before = '';
  return values.every((value) => {
    const [last, now] = [before, path(value)];
    before = now;
    return last <= now;
  });
};

/** A copy of a slot's values in normal order; the values themselves when they already are. O(n log n). */
export const inOrder = <Value>(values: readonly Value[], path: (value: Value) => string): readonly Value[] =>
  isInOrder(values, path)
    ? values
    : values
        .map((value) => ({ key: path(value), value }))
        .sort((a, b) => byCodeUnit(a.key, b.key))
        .map(({ value }) => value);
