import { InconsistentDefinition } from './errors.js';
import { allColumns, type FindTable, inheritedColumns, parentsOf, tableFinder } from './inheritance.js';
import { type Column, type ForeignKey, type ObjectName, type Schema, type Table, pathOf } from './model.js';
import { type Slot, slots } from './slot.js';

/** What an engine lets a definition leave out. */
export interface ConsistencyFacts {
  /** Documents may have fields that no validator declares, so keys and indexes may name any. */
  readonly openDocuments?: boolean;
}

const refuse = (object: string, detail: string): never => {
  throw new InconsistentDefinition(`${object}: ${detail}`, { object });
};

const distinct = (paths: Iterable<string>, noun: string): void => {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) refuse(path, `the ${noun} is defined twice.`);
    seen.add(path);
  }
};

const distinctIn = <Value>(schema: Schema, slot: Slot<Schema, Value>): void =>
  distinct(slot.read(schema).map(slot.path), slot.noun);

/** Field paths of nested documents count as columns (`address.city`). */
const columnNames = (columns: readonly Column[], prefix = ''): readonly string[] =>
  columns.flatMap(({ name, fields }) => [
    `${prefix}${name}`,
    ...(fields === undefined ? [] : columnNames(fields, `${prefix}${name}.`)),
  ]);

interface Known {
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  readonly views: ReadonlySet<string>;
  readonly schema: Schema;
  readonly facts: ConsistencyFacts;
}

const namesAll = (table: Table, part: string, names: readonly (string | undefined)[], known: Known): void => {
  if (known.facts.openDocuments === true) return;
  const columns = known.tables.get(pathOf(table));
  const missing = names.find((name) => name !== undefined && columns?.has(name) !== true);
  if (missing !== undefined) refuse(pathOf(table, part), `it names the column ${missing}, which does not exist.`);
};

const checkReference = (table: Table, key: ForeignKey, known: Known): void => {
  const path = pathOf(table, key.name);
  const target = known.tables.get(pathOf(key.references));
  if (target === undefined) return refuse(path, `it references ${pathOf(key.references)}, which does not exist.`);
  if (key.columns.length !== key.references.columns.length || key.columns.length === 0) {
    refuse(path, `${key.columns.length} columns cannot reference ${key.references.columns.length}.`);
  }
  const missing = key.references.columns.find((name) => !target.has(name));
  if (missing !== undefined) {
    refuse(path, `it references ${pathOf(key.references, missing)}, which does not exist.`);
  }
};

const checkParts = (table: Table, known: Known): void => {
  const { primaryKey, uniques, indexes, foreignKeys } = table;
  if (primaryKey !== undefined) namesAll(table, primaryKey.name, primaryKey.columns, known);
  for (const { name, columns } of uniques) namesAll(table, name, columns, known);
  for (const { name, keys, include } of indexes) {
    namesAll(table, name, [...keys.map(({ column }) => column), ...(include ?? [])], known);
  }
  for (const key of foreignKeys) {
    namesAll(table, key.name, key.columns, known);
    checkReference(table, key, known);
  }
};

const checkNames = (table: Table): void => {
  const { columns, primaryKey, uniques, indexes, checks, foreignKeys } = table;
  const paths = (parts: readonly { readonly name: string }[]): string[] => parts.map(({ name }) => pathOf(table, name));
  distinct(
    columnNames(columns).map((name) => pathOf(table, name)),
    'column',
  );
  distinct(paths([...(primaryKey === undefined ? [] : [primaryKey]), ...uniques]), 'key');
  distinct(paths(indexes), 'index');
  distinct(paths(checks), 'check');
  distinct(paths(foreignKeys), 'foreign key');
};

const hasAncestor = (table: Table, path: string, find: FindTable, seen = new Set<string>()): boolean =>
  parentsOf(table).some((name) => {
    const parent = find(name);
    if (pathOf(name) === path) return true;
    if (parent === undefined || seen.has(pathOf(name))) return false;
    seen.add(pathOf(name));
    return hasAncestor(parent, path, find, seen);
  });

const checkParents = (table: Table, { schema }: Known): void => {
  const path = pathOf(table);
  const find = tableFinder(schema);
  if (table.partitionOf !== undefined && table.inherits !== undefined)
    refuse(path, 'a partition cannot inherit from another table.');
  const missing = parentsOf(table).find((name) => find(name) === undefined);
  const relation = table.partitionOf === undefined ? 'inherits from' : 'is a partition of';
  if (missing !== undefined) refuse(path, `it ${relation} ${pathOf(missing)}, which does not exist.`);
  const parent = table.partitionOf && find(table.partitionOf);
  if (parent && parent.partitioning === undefined)
    refuse(path, `it is a partition of ${pathOf(parent)}, which is not partitioned.`);
  if (hasAncestor(table, path, find)) refuse(path, 'it is its own ancestor.');
  if (table.partitionOf !== undefined && table.columns[0] !== undefined)
    refuse(pathOf(table, table.columns[0].name), 'a partition has the columns of its partitioned table and no others.');
  const inherited = inheritedColumns(table, find);
  const own = new Set(table.columns.map(({ name }) => name));
  const strange = table.overrides?.find(({ name }) => own.has(name) || !inherited.has(name));
  if (strange !== undefined)
    refuse(pathOf(table, strange.name), 'it says what differs in a column that is not inherited.');
};

const checkTable = (table: Table, known: Known): void => {
  checkNames(table);
  checkParts(table, known);
  checkParents(table, known);
};

const checkOwners = (schema: Schema, known: Known): void => {
  for (const sequence of schema.sequences) {
    const owner = sequence.ownedBy;
    if (owner !== undefined && known.tables.get(pathOf(owner))?.has(owner.column) !== true) {
      refuse(pathOf(sequence), `its owner ${pathOf(owner, owner.column)} does not exist.`);
    }
  }
};

const checkOnTables = (
  values: readonly { readonly name: string; readonly table: ObjectName }[],
  known: Known,
): void => {
  for (const { name, table } of values) {
    const path = pathOf(table);
    if (!known.tables.has(path) && !known.views.has(path)) {
      refuse(pathOf(table, name), `its table ${path} does not exist.`);
    }
  }
};

const relations = (schema: Schema): readonly string[] =>
  [...schema.tables, ...schema.views, ...schema.sequences].map((value) => pathOf(value));

/**
 * Refuses a state whose objects contradict each other: duplicate names, references to tables or columns that do not
 * exist, foreign keys of unequal length, owners that are missing. O(schema).
 * @throws InconsistentDefinition naming the object.
 */
export const checkConsistency = (schema: Schema, facts: ConsistencyFacts = {}): void => {
  distinct(relations(schema), 'table, view or sequence');
  distinctIn(schema, slots.namespace);
  distinctIn(schema, slots.extension);
  distinctIn(schema, slots.type);
  distinctIn(schema, slots.routine);
  distinctIn(schema, slots.trigger);
  distinctIn(schema, slots.policy);
  distinctIn(schema, slots.grant);
  distinctIn(schema, slots.object);
  const find = tableFinder(schema);
  const known: Known = {
    tables: new Map(schema.tables.map((value) => [pathOf(value), new Set(columnNames(allColumns(value, find)))])),
    views: new Set(schema.views.map((value) => pathOf(value))),
    schema,
    facts,
  };
  for (const value of schema.tables) checkTable(value, known);
  checkOwners(schema, known);
  checkOnTables(schema.triggers, known);
  checkOnTables(schema.policies, known);
};
