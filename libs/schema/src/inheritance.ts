import { type Column, type ColumnOverride, nameOf, type ObjectName, pathOf, type Schema, type Table } from './model.js';
import { byCodeUnit } from './slot.js';

/** Finds a table of a state by its name. */
export type FindTable = (name: ObjectName) => Table | undefined;

const finders = new WeakMap<readonly Table[], FindTable>();

/** A finder over the tables of a state; O(tables) once, then O(1). */
export const tableFinder = ({ tables }: Pick<Schema, 'tables'>): FindTable => {
  const known = finders.get(tables);
  if (known !== undefined) return known;
  const byPath = new Map(tables.map((table) => [pathOf(table), table]));
  const made: FindTable = (name) => byPath.get(pathOf(name));
  finders.set(tables, made);
  return made;
};

/** The tables from which a table has columns: its partitioned table, or those it inherits from. */
export const parentsOf = ({ partitionOf, inherits = [] }: Table): readonly ObjectName[] =>
  partitionOf === undefined ? inherits : [nameOf(partitionOf)];

/** Whether a table is a child of another one. */
export const isChildOf = (table: Table, parent: ObjectName): boolean => {
  const path = pathOf(parent);
  return parentsOf(table).some((one) => pathOf(one) === path);
};

/** A column as a child has it: the parent's with what differs; comments and attributes are not handed on. */
const overridden = (column: Column, override: ColumnOverride | undefined): Column => {
  const { default: given, comment: _, attributes, ...rest } = column;
  const collation = attributes?.['collation'];
  const kept = { ...(collation === undefined ? {} : { collation }), ...override?.attributes };
  const value = override?.default === undefined ? given : (override.default ?? undefined);
  return {
    ...rest,
    nullable: override?.nullable ?? column.nullable,
    ...(value === undefined ? {} : { default: value }),
    ...(override?.comment === undefined ? {} : { comment: override.comment }),
    ...(Object.keys(kept).length === 0 ? {} : { attributes: kept }),
  };
};

/** A column that several parents have: NOT NULL where one of them says so, with the default that one of them has. */
export const mergedColumn = (earlier: Column, later: Column): Column => {
  const value = earlier.default ?? later.default;
  return {
    ...earlier,
    nullable: earlier.nullable && later.nullable,
    ...(value === undefined ? {} : { default: value }),
  };
};

const merged = (parents: readonly (readonly Column[])[]): ReadonlyMap<string, Column> => {
  const columns = new Map<string, Column>();
  for (const column of parents.flat()) {
    const earlier = columns.get(column.name);
    columns.set(column.name, earlier === undefined ? column : mergedColumn(earlier, column));
  }
  return columns;
};

const inheritedOf = (table: Table, find: FindTable, seen: ReadonlySet<string>): ReadonlyMap<string, Column> => {
  const path = pathOf(table);
  if (seen.has(path)) return new Map();
  const below = new Set([...seen, path]);
  return merged(
    parentsOf(table).map((name) => {
      const parent = find(name);
      return parent === undefined ? [] : allOf(parent, find, below);
    }),
  );
};

/** Columns that a table inherits and does not list; an identity is the parent's own. */
const handedOn = ({ identity: _, ...column }: Column): Column => column;

const allOf = (table: Table, find: FindTable, seen: ReadonlySet<string>): readonly Column[] => {
  if (parentsOf(table).length === 0) return table.columns;
  const own = new Map(table.columns.map((column) => [column.name, column]));
  const overrides = new Map(table.overrides?.map((override) => [override.name, override]));
  const inherited = [...inheritedOf(table, find, seen).values()].map(
    (column) => own.get(column.name) ?? overridden(handedOn(column), overrides.get(column.name)),
  );
  const names = new Set(inherited.map(({ name }) => name));
  return [...inherited, ...table.columns.filter(({ name }) => !names.has(name))];
};

/** The columns a table gets from its parents as these have them, by name. O(columns of the ancestors). */
export const inheritedColumns = (table: Table, find: FindTable): ReadonlyMap<string, Column> =>
  inheritedOf(table, find, new Set());

/** Every column of a table, the inherited ones first; the listed ones where nothing is inherited. */
export const allColumns = (table: Table, find: FindTable): readonly Column[] => allOf(table, find, new Set());

/** The parents in path order: what is compared. */
export const parentsByPath = ({ inherits }: Pick<Table, 'inherits'>): Pick<Table, 'inherits'> =>
  inherits === undefined ? {} : { inherits: inherits.toSorted((a, b) => byCodeUnit(pathOf(a), pathOf(b))) };

const childrenMaps = new WeakMap<readonly Table[], ReadonlyMap<string, readonly Table[]>>();

/** The partitions of a table and the tables that inherit from it, directly. O(tables) once per state. */
export const childrenOf = ({ tables }: Pick<Schema, 'tables'>, parent: ObjectName): readonly Table[] => {
  let children = childrenMaps.get(tables);
  if (children === undefined) {
    const made = new Map<string, Table[]>();
    for (const table of tables) {
      for (const name of parentsOf(table)) {
        const path = pathOf(name);
        const known = made.get(path);
        if (known === undefined) made.set(path, [table]);
        else known.push(table);
      }
    }
    children = made;
    childrenMaps.set(tables, made);
  }
  return children.get(pathOf(parent)) ?? [];
};

/** All tables below one, each once, parents before children. */
export const descendantsOf = (schema: Pick<Schema, 'tables'>, parent: ObjectName): readonly Table[] => {
  const found = new Map<string, Table>();
  const open = [...childrenOf(schema, parent)];
  for (const table of open) {
    if (found.has(pathOf(table))) continue;
    found.set(pathOf(table), table);
    open.push(...childrenOf(schema, table));
  }
  return [...found.values()];
};
