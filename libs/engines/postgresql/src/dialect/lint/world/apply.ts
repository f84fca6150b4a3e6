import { pathOf } from '@dsem/schema';
import { printTree } from '../../grammar.js';
import { columnsIn } from '../../normalize/tree.js';
import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import type { Act, ActOf, ColumnFacts, ConstraintFacts, CreateIndex, CreateTable, Drop } from '../acts.js';
import { indexColumnNames, joined } from './names.js';
import {
  indexesOf,
  isFresh,
  type KnownColumn,
  type KnownConstraint,
  objectKey,
  putTable,
  tableIn,
  tableKey,
  type World,
} from './world.js';

const knownColumn = (column: ColumnFacts, fresh: boolean): KnownColumn => ({
  name: column.name,
  type: column.type,
  notNull: column.notNull,
  default: column.default !== undefined || column.identity || column.serial,
  ...(column.generated ? { generated: column.generated } : {}),
  fresh,
});

const suffixes = {
  'primary key': 'pkey',
  unique: 'key',
  exclusion: 'excl',
  check: 'check',
  'foreign key': 'fkey',
  'not null': 'not_null',
};

/** What the name of a constraint is made from. */
export type NamedConstraint = Pick<ConstraintFacts, 'kind' | 'name' | 'columns' | 'expression'>;

/** A check of the table is named after the one column it is about. */
const namingColumns = ({ kind, columns, expression }: NamedConstraint): readonly string[] => {
  if (kind === 'primary key') return [];
  if (columns.length > 0 || !expression) return columns;
  const used = [...new Set(columnsIn(expression))];
  return used.length === 1 ? used : [];
};

/** The name of a constraint; where the script gives none, the one the server makes. */
export const constraintName = (table: Full, constraint: NamedConstraint): string =>
  constraint.name ?? joined([table.name, ...namingColumns(constraint), suffixes[constraint.kind]]);

const knownConstraint = (table: Full, constraint: ConstraintFacts): KnownConstraint => ({
  kind: constraint.kind,
  name: constraintName(table, constraint),
  columns: constraint.columns,
  ...(constraint.references ? { references: constraint.references, referenced: constraint.referenced ?? [] } : {}),
  validated: !constraint.notValid && !constraint.notEnforced,
  ...(constraint.expression ? { expression: printTree(constraint.expression) } : {}),
  fresh: true,
});

const backed: ReadonlySet<string> = new Set(['primary key', 'unique']);

const addIndexOf = (world: World, table: Full, constraint: ConstraintFacts): void => {
  if (!backed.has(constraint.kind)) return;
  const name = { namespace: table.namespace, name: constraintName(table, constraint) };
  const old = constraint.usingIndex && world.indexes.get(keyOf({ ...name, name: constraint.usingIndex }));
  if (old) world.indexes.delete(keyOf(old.name));
  world.indexes.set(keyOf(name), {
    name,
    table,
    unique: true,
    keys: old ? old.keys : constraint.columns,
    includes: [],
    distinct: old ? old.distinct : ['btree', ...constraint.columns.map(() => ''), ''].join('|'),
    partial: false,
    valid: true,
    constraint: true,
    fresh: true,
  });
};

const changeColumn = (world: World, table: Full, name: string, change: Partial<KnownColumn>): void => {
  const columns = new Map(tableIn(world, table).columns);
  const unknown = { name, notNull: false, default: false, fresh: false };
  columns.set(name, { ...(columns.get(name) ?? unknown), ...change });
  putTable(world, table, { columns });
};

const addConstraint = (world: World, table: Full, constraint: ConstraintFacts): void => {
  const { constraints } = tableIn(world, table);
  const known = knownConstraint(table, constraint);
  putTable(world, table, { constraints: [...constraints.filter(({ name }) => name !== known.name), known] });
  addIndexOf(world, table, constraint);
  if (constraint.kind === 'primary key' || constraint.kind === 'not null')
    for (const column of constraint.columns) changeColumn(world, table, column, { notNull: true });
};

const createTable = (world: World, act: CreateTable): void => {
  const key = keyOf(act.table);
  if (act.ifNotExists && world.tables.has(key)) return;
  world.tables.set(key, {
    name: act.table,
    fresh: true,
    temporary: act.temporary,
    open: act.open,
    columns: new Map(act.columns.map((column) => [column.name, knownColumn(column, true)])),
    constraints: [],
    partitioned: act.partitioned,
    ...(act.partitionOf ? { partitionOf: act.partitionOf } : {}),
    hasDefaultPartition: false,
  });
  for (const constraint of act.constraints) addConstraint(world, act.table, constraint);
  if (act.partitionOf && act.isDefault) putTable(world, act.partitionOf, { hasDefaultPartition: true });
};

const createIndex = (world: World, act: CreateIndex): void => {
  const name = {
    namespace: tableIn(world, act.table).name.namespace,
    name: act.name ?? joined([act.table.name, ...indexColumnNames(act.keys), 'idx']),
  };
  if (world.indexes.has(keyOf(name))) return;
  const { table, unique, keys, includes, distinct, partial } = act;
  world.indexes.set(keyOf(name), {
    name,
    table,
    unique,
    keys,
    includes,
    distinct,
    partial,
    valid: true,
    constraint: false,
    fresh: true,
  });
};

const dropTable = (world: World, name: Full): void => {
  for (const index of indexesOf(world, name)) world.indexes.delete(keyOf(index.name));
  world.tables.delete(tableKey(world, name));
};

/** How the trigger or policy of a table is known. */
export const partKey = (what: string, table: Full, name: string): string =>
  objectKey(`${what} on ${pathOf(table)}`, { ...table, name });

const drop = (world: World, act: Drop): void => {
  const { what, name, table } = act;
  if (what === 'table' || what === 'foreign table') dropTable(world, name);
  else if (what === 'index') world.indexes.delete(keyOf(name));
  else if (what === 'type' || what === 'domain') world.types.delete(keyOf(name));
  else if (table) world.objects.delete(partKey(what, table, name.name));
  else world.objects.delete(objectKey(what === 'materialized view' ? 'view' : what, name));
  if (what === 'function') world.routines.delete(keyOf(name));
};

const dropColumn = (world: World, { table, column }: ActOf<'drop-column'>): void => {
  const known = tableIn(world, table);
  const columns = new Map(known.columns);
  columns.delete(column);
  putTable(world, table, { columns, constraints: known.constraints.filter((one) => !one.columns.includes(column)) });
  for (const index of indexesOf(world, table)) if (index.keys.includes(column)) world.indexes.delete(keyOf(index.name));
};

const dropConstraint = (world: World, { table, name }: ActOf<'drop-constraint'>): void => {
  putTable(world, table, { constraints: tableIn(world, table).constraints.filter((one) => one.name !== name) });
  world.indexes.delete(keyOf({ namespace: table.namespace, name }));
};

const validate = (world: World, table: Full, constraint: string): void => {
  const { constraints } = tableIn(world, table);
  putTable(world, table, {
    constraints: constraints.map((one) => (one.name === constraint ? { ...one, validated: true } : one)),
  });
};

const renameTable = (world: World, from: Full, to: Full): void => {
  const known = tableIn(world, from);
  const indexes = indexesOf(world, from);
  world.tables.delete(tableKey(world, from));
  world.tables.set(keyOf(to), { ...known, name: to });
  for (const index of indexes) world.indexes.set(keyOf(index.name), { ...index, table: to });
};

const renameColumn = (world: World, table: Full, from: string, to: string): void => {
  const renamed = (column: string): string => (column === from ? to : column);
  const known = tableIn(world, table);
  const columns = [...known.columns].map(
    ([name, column]) => [renamed(name), { ...column, name: renamed(name) }] as const,
  );
  const constraints = known.constraints.map((one) => ({ ...one, columns: one.columns.map(renamed) }));
  putTable(world, table, { columns: new Map(columns), constraints });
  for (const index of indexesOf(world, table))
    world.indexes.set(keyOf(index.name), {
      ...index,
      keys: index.keys.map((key) => (key === undefined ? key : renamed(key))),
    });
};

const renameConstraint = (world: World, table: Full, from: string, to: string): void => {
  const { constraints } = tableIn(world, table);
  putTable(world, table, {
    constraints: constraints.map((one) => (one.name === from ? { ...one, name: to } : one)),
  });
};

const renameObject = (world: World, what: string, name: Full, to: string): void => {
  const key = objectKey(what, name);
  const known = world.objects.get(key);
  if (!known) return;
  world.objects.delete(key);
  world.objects.set(objectKey(what, { ...name, name: to }), known);
};

const renameIndex = (world: World, name: Full, to: string): void => {
  const index = world.indexes.get(keyOf(name));
  if (!index) return;
  world.indexes.delete(keyOf(name));
  world.indexes.set(keyOf({ ...name, name: to }), { ...index, name: { ...name, name: to } });
};

const rename = (world: World, { what, name, part, to }: ActOf<'rename'>): void => {
  if (what === 'column' && part !== undefined) renameColumn(world, name, part, to);
  else if (what === 'constraint' && part !== undefined) renameConstraint(world, name, part, to);
  else if (what === 'table') renameTable(world, name, { ...name, name: to });
  else if (what === 'index') renameIndex(world, name, to);
  else renameObject(world, what, name, to);
};

const attach = (world: World, { table, partition, isDefault }: ActOf<'attach-partition'>): void => {
  putTable(world, partition, { partitionOf: table });
  if (isDefault) putTable(world, table, { hasDefaultPartition: true });
};

const detach = (world: World, { partition }: ActOf<'detach-partition'>): void => {
  const { partitionOf: _, ...rest } = tableIn(world, partition);
  world.tables.set(tableKey(world, partition), rest);
};

const note = (world: World, key: string): void => {
  if (!world.objects.has(key)) world.objects.set(key, { fresh: true });
};

const create = (world: World, act: Act): void => {
  switch (act.kind) {
    case 'create-view':
      return note(world, objectKey('view', act.name));
    case 'create-sequence':
      return note(world, objectKey('sequence', act.name));
    case 'create-schema':
      return note(world, objectKey('schema', { namespace: '', name: act.name }));
    case 'create-trigger':
      return note(world, partKey('trigger', act.table, act.name));
    case 'create-policy':
      return note(world, partKey('policy', act.table, act.name));
    case 'create-rule':
      return note(world, partKey('rule', act.table, act.name));
    case 'create-routine':
      world.routines.set(keyOf(act.name), act.acts);
      return note(world, objectKey('function', act.name));
    case 'create-type':
      world.types.set(keyOf(act.name), { what: act.what, constrained: act.constrained, fresh: true });
      return undefined;
    case 'harmless':
      if (act.what === 'create-extension') note(world, objectKey('extension', { namespace: '', name: act.name }));
      return undefined;
    default:
      return undefined;
  }
};

const alter = (world: World, act: Act): void => {
  switch (act.kind) {
    case 'add-column':
      if (act.ifNotExists && tableIn(world, act.table).columns.has(act.column.name)) return;
      changeColumn(world, act.table, act.column.name, knownColumn(act.column, true));
      for (const constraint of act.constraints) addConstraint(world, act.table, constraint);
      return;
    case 'change-type':
      return changeColumn(world, act.table, act.column, { type: act.type });
    case 'set-default':
      return changeColumn(world, act.table, act.column, { default: true });
    case 'drop-default':
      return changeColumn(world, act.table, act.column, { default: false });
    case 'set-not-null':
      return changeColumn(world, act.table, act.column, { notNull: true });
    case 'drop-not-null':
      return changeColumn(world, act.table, act.column, { notNull: false });
    case 'add-constraint':
      return addConstraint(world, act.table, act.constraint);
    case 'validate-constraint':
      return validate(world, act.table, act.name);
    case 'move':
      if (act.what === 'table') renameTable(world, act.name, { ...act.name, namespace: act.to });
      return;
    default:
      return;
  }
};

/** What is known after an act. */
export const apply = (world: World, act: Act): void => {
  switch (act.kind) {
    case 'create-table':
      return createTable(world, act);
    case 'create-index':
      return createIndex(world, act);
    case 'drop':
      return drop(world, act);
    case 'drop-column':
      return dropColumn(world, act);
    case 'drop-constraint':
      return dropConstraint(world, act);
    case 'rename':
      return rename(world, act);
    case 'attach-partition':
      return attach(world, act);
    case 'detach-partition':
      return detach(world, act);
    default:
      create(world, act);
      return alter(world, act);
  }
};

/** Whether a trigger, policy or rule was made by the script itself, or its table was. */
export const isFreshPart = (world: World, what: string, table: Full, name: string): boolean =>
  isFresh(world, table) || world.objects.get(partKey(what, table, name))?.fresh === true;
