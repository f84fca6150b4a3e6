import type { Change, ChangeKind, ChangeOf, ColumnPlace } from './change.js';
import { equal } from './equal.js';
import { InconsistentDefinition } from './errors.js';
import { type Column, type ObjectName, type PrimaryKey, type Schema, type Table, pathOf } from './model.js';
import { moveColumn, moveTable } from './rename.js';
import { type Slot, byCodeUnit, isInOrder, slots, tableSlots } from './slot.js';

const refuse = (object: string, detail: string): never => {
  throw new InconsistentDefinition(`${object}: ${detail}`, { object });
};

/** The first place whose path is not before `path`; right for values in normal order. O(log n). */
const lowerBound = <Value>(values: readonly Value[], pathAt: (value: Value) => string, path: string): number => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle];
    if (value !== undefined && byCodeUnit(pathAt(value), path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Arrays known to be in normal order, so that a name that is not found by bisection is known to be absent. */
const ordered = new WeakSet<readonly unknown[]>();

const isOrdered = <Value>(values: readonly Value[], pathAt: (value: Value) => string): boolean => {
  if (ordered.has(values)) return true;
  if (!isInOrder(values, pathAt)) return false;
  ordered.add(values);
  return true;
};

/** Where the value of that path stands, or -1; a scan where the values are not in normal order. */
const indexIn = <Value>(values: readonly Value[], pathAt: (value: Value) => string, path: string): number => {
  if (!isOrdered(values, pathAt)) return values.findIndex((candidate) => pathAt(candidate) === path);
  const at = lowerBound(values, pathAt, path);
  const value = values[at];
  return value !== undefined && pathAt(value) === path ? at : -1;
};

/** What is made from values in normal order at the right place is in normal order. */
const keepOrder = <Value>(made: readonly Value[], from: readonly Value[]): readonly Value[] => {
  if (ordered.has(from)) ordered.add(made);
  return made;
};

const create = <Container, Value>(slot: Slot<Container, Value>, container: Container, value: Value): Container => {
  const values = slot.read(container);
  const path = slot.path(value);
  if (indexIn(values, slot.path, path) >= 0) refuse(path, `the ${slot.noun} exists already.`);
  return slot.write(container, keepOrder(values.toSpliced(lowerBound(values, slot.path, path), 0, value), values));
};

const indexOf = <Container, Value>(slot: Slot<Container, Value>, container: Container, expected: Value): number => {
  const values = slot.read(container);
  const path = slot.path(expected);
  const at = indexIn(values, slot.path, path);
  if (at < 0) refuse(path, `the ${slot.noun} does not exist.`);
  if (!equal(values[at], expected)) refuse(path, `the ${slot.noun} is not as the change expects.`);
  return at;
};

const drop = <Container, Value>(slot: Slot<Container, Value>, container: Container, expected: Value): Container => {
  const values = slot.read(container);
  return slot.write(container, keepOrder(values.toSpliced(indexOf(slot, container, expected), 1), values));
};

const alter = <Container, Value>(
  slot: Slot<Container, Value>,
  container: Container,
  { from, to }: { readonly from: Value; readonly to: Value },
): Container => {
  if (slot.path(from) !== slot.path(to)) refuse(slot.path(from), `an alteration cannot rename the ${slot.noun}.`);
  const values = slot.read(container);
  return slot.write(container, keepOrder(values.with(indexOf(slot, container, from), to), values));
};

const inTable = (schema: Schema, name: ObjectName, edit: (table: Table) => Table): Schema => {
  const at = indexIn(schema.tables, slots.table.path, pathOf(name));
  const table = schema.tables[at];
  if (table === undefined) return refuse(pathOf(name), 'the table does not exist.');
  return { ...schema, tables: keepOrder(schema.tables.with(at, edit(table)), schema.tables) };
};

const placeOf = (table: Table, { after, first }: ColumnPlace): number => {
  if (first === true) return 0;
  if (after === undefined) return table.columns.length;
  const at = table.columns.findIndex(({ name }) => name === after);
  return at < 0 ? refuse(pathOf(table, after), 'the column does not exist.') : at + 1;
};

const addColumn = (table: Table, { column, ...place }: ColumnPlace & { readonly column: Column }): Table => {
  if (table.columns.some(({ name }) => name === column.name)) {
    refuse(pathOf(table, column.name), 'the column exists already.');
  }
  return { ...table, columns: table.columns.toSpliced(placeOf(table, place), 0, column) };
};

const addPrimaryKey = (table: Table, primaryKey: PrimaryKey): Table =>
  table.primaryKey === undefined ? { ...table, primaryKey } : refuse(pathOf(table), 'the table has a primary key.');

const expectPrimaryKey = (table: Table, expected: PrimaryKey): void => {
  if (!equal(table.primaryKey, expected)) refuse(pathOf(table), 'the primary key is not as the change expects.');
};

const dropPrimaryKey = (table: Table, expected: PrimaryKey): Table => {
  expectPrimaryKey(table, expected);
  const { primaryKey: _, ...rest } = table;
  return rest;
};

const replacePrimaryKey = (table: Table, from: PrimaryKey, to: PrimaryKey): Table => {
  expectPrimaryKey(table, from);
  return { ...table, primaryKey: to };
};

/** What a table says of itself, without its parts: what `alter-table` moves. */
export const tableShell = (table: Table): Omit<Table, 'columns' | 'primaryKey' | TableParts> => {
  const { columns: _c, primaryKey: _p, uniques: _u, foreignKeys: _f, checks: _k, indexes: _i, ...shell } = table;
  return shell;
};
type TableParts = 'uniques' | 'foreignKeys' | 'checks' | 'indexes';

/** A table with the parts of `table` and the own properties of `shell`. */
export const withShell = (table: Table, shell: Table): Table => {
  const { columns, primaryKey, uniques, foreignKeys, checks, indexes } = table;
  const key = primaryKey === undefined ? {} : { primaryKey };
  return { ...tableShell(shell), columns, ...key, uniques, foreignKeys, checks, indexes };
};

const alterTable = (schema: Schema, { from, to }: ChangeOf<'alter-table'>): Schema =>
  inTable(schema, from, (table) => {
    if (!equal(tableShell(table), tableShell(from))) refuse(pathOf(from), 'the table is not as the change expects.');
    if (pathOf(to) !== pathOf(from)) refuse(pathOf(from), 'an alteration cannot rename the table.');
    return withShell(table, to);
  });

const renameTable = (schema: Schema, { from, to }: ChangeOf<'rename-table'>): Schema => {
  if (indexIn(schema.tables, slots.table.path, pathOf(from)) < 0) refuse(pathOf(from), 'the table does not exist.');
  if (indexIn(schema.tables, slots.table.path, pathOf(to)) >= 0) refuse(pathOf(to), 'the table exists already.');
  return moveTable(schema, from, to);
};

const renameColumn = (schema: Schema, { table, from, to }: ChangeOf<'rename-column'>): Schema => {
  inTable(schema, table, (value) => {
    const known = new Set(value.columns.map(({ name }) => name));
    if (!known.has(from)) refuse(pathOf(table, from), 'the column does not exist.');
    if (known.has(to)) refuse(pathOf(table, to), 'the column exists already.');
    return value;
  });
  return moveColumn(schema, table, from, to);
};

type Apply<Kind extends ChangeKind> = (schema: Schema, change: ChangeOf<Kind>) => Schema;

type ColumnChange = Extract<Change, { readonly from: Column }>;
const alterColumn = (schema: Schema, change: ColumnChange): Schema =>
  inTable(schema, change.table, (table) => alter(tableSlots.column, table, change));

const appliers: { readonly [Kind in ChangeKind]: Apply<Kind> } = {
  'create-namespace': (s, c) => create(slots.namespace, s, c.namespace),
  'drop-namespace': (s, c) => drop(slots.namespace, s, c.namespace),
  'alter-namespace': (s, c) => alter(slots.namespace, s, c),
  'create-extension': (s, c) => create(slots.extension, s, c.extension),
  'drop-extension': (s, c) => drop(slots.extension, s, c.extension),
  'alter-extension': (s, c) => alter(slots.extension, s, c),
  'create-type': (s, c) => create(slots.type, s, c.type),
  'drop-type': (s, c) => drop(slots.type, s, c.type),
  'alter-type': (s, c) => alter(slots.type, s, c),
  'create-sequence': (s, c) => create(slots.sequence, s, c.sequence),
  'drop-sequence': (s, c) => drop(slots.sequence, s, c.sequence),
  'alter-sequence': (s, c) => alter(slots.sequence, s, c),
  'create-table': (s, c) => create(slots.table, s, c.table),
  'drop-table': (s, c) => drop(slots.table, s, c.table),
  'alter-table': alterTable,
  'attach-partition': (s, c) => alter(slots.table, s, c),
  'detach-partition': (s, c) => alter(slots.table, s, c),
  'inherit-parent': (s, c) => alter(slots.table, s, c),
  'leave-parent': (s, c) => alter(slots.table, s, c),
  'rename-table': renameTable,
  'add-column': (s, c) => inTable(s, c.table, (table) => addColumn(table, c)),
  'drop-column': (s, c) => inTable(s, c.table, (table) => drop(tableSlots.column, table, c.column)),
  'rename-column': renameColumn,
  'change-column-type': alterColumn,
  'set-not-null': alterColumn,
  'drop-not-null': alterColumn,
  'set-default': alterColumn,
  'drop-default': alterColumn,
  'change-default': alterColumn,
  'change-identity': alterColumn,
  'change-generated': alterColumn,
  'alter-column': alterColumn,
  'add-primary-key': (s, c) => inTable(s, c.table, (table) => addPrimaryKey(table, c.primaryKey)),
  'drop-primary-key': (s, c) => inTable(s, c.table, (table) => dropPrimaryKey(table, c.primaryKey)),
  'alter-primary-key': (s, c) => inTable(s, c.table, (table) => replacePrimaryKey(table, c.from, c.to)),
  'add-unique': (s, c) => inTable(s, c.table, (table) => create(tableSlots.unique, table, c.unique)),
  'drop-unique': (s, c) => inTable(s, c.table, (table) => drop(tableSlots.unique, table, c.unique)),
  'alter-unique': (s, c) => inTable(s, c.table, (table) => alter(tableSlots.unique, table, c)),
  'add-foreign-key': (s, c) => inTable(s, c.table, (table) => create(tableSlots['foreign-key'], table, c.foreignKey)),
  'drop-foreign-key': (s, c) => inTable(s, c.table, (table) => drop(tableSlots['foreign-key'], table, c.foreignKey)),
  'alter-foreign-key': (s, c) => inTable(s, c.table, (table) => alter(tableSlots['foreign-key'], table, c)),
  'add-check': (s, c) => inTable(s, c.table, (table) => create(tableSlots.check, table, c.check)),
  'drop-check': (s, c) => inTable(s, c.table, (table) => drop(tableSlots.check, table, c.check)),
  'alter-check': (s, c) => inTable(s, c.table, (table) => alter(tableSlots.check, table, c)),
  'create-index': (s, c) => inTable(s, c.table, (table) => create(tableSlots.index, table, c.index)),
  'drop-index': (s, c) => inTable(s, c.table, (table) => drop(tableSlots.index, table, c.index)),
  'alter-index': (s, c) => inTable(s, c.table, (table) => alter(tableSlots.index, table, c)),
  'create-view': (s, c) => create(slots.view, s, c.view),
  'drop-view': (s, c) => drop(slots.view, s, c.view),
  'alter-view': (s, c) => alter(slots.view, s, c),
  'create-routine': (s, c) => create(slots.routine, s, c.routine),
  'drop-routine': (s, c) => drop(slots.routine, s, c.routine),
  'alter-routine': (s, c) => alter(slots.routine, s, c),
  'create-trigger': (s, c) => create(slots.trigger, s, c.trigger),
  'drop-trigger': (s, c) => drop(slots.trigger, s, c.trigger),
  'alter-trigger': (s, c) => alter(slots.trigger, s, c),
  'create-policy': (s, c) => create(slots.policy, s, c.policy),
  'drop-policy': (s, c) => drop(slots.policy, s, c.policy),
  'alter-policy': (s, c) => alter(slots.policy, s, c),
  'create-grant': (s, c) => create(slots.grant, s, c.grant),
  'drop-grant': (s, c) => drop(slots.grant, s, c.grant),
  'alter-grant': (s, c) => alter(slots.grant, s, c),
  'create-object': (s, c) => create(slots.object, s, c.value),
  'drop-object': (s, c) => drop(slots.object, s, c.value),
  'alter-object': (s, c) => alter(slots.object, s, c),
};

/** Every kind of change there is, for listings and completeness checks. */
export const changeKinds = Object.keys(appliers) as readonly ChangeKind[];

/**
 * The state after one change. Persistent: objects the change does not touch stay shared with `schema`, and a state in
 * normal form stays in it. O(log objects) comparisons and one copy of each array on the way to the object.
 * @throws InconsistentDefinition when the object is not as the change expects.
 */
export const applyChange = <Kind extends ChangeKind>(schema: Schema, change: ChangeOf<Kind>): Schema =>
  (appliers[change.kind] as Apply<Kind>)(schema, change);

/** The state after all changes, one after the other. @throws InconsistentDefinition as `applyChange`. */
export const applyChanges = (schema: Schema, changes: readonly Change[]): Schema =>
  changes.reduce<Schema>((state, change) => applyChange(state, change), schema);
