import type { TableSize } from '@dsem/engine';
import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import type { Act, ConstraintFacts } from '../acts.js';

export interface KnownColumn {
  readonly name: string;
  /** Undefined while only its name was seen. */
  readonly type?: string;
  readonly notNull: boolean;
  readonly default: boolean;
  readonly generated?: 'stored' | 'virtual';
  /** Added by the script that is judged. */
  readonly fresh: boolean;
}

export interface KnownConstraint extends Pick<ConstraintFacts, 'kind' | 'columns' | 'references' | 'referenced'> {
  readonly name: string;
  readonly validated: boolean;
  /** Normal text of a check. */
  readonly expression?: string;
  readonly fresh: boolean;
}

export interface KnownIndex {
  readonly name: Full;
  readonly table: Full;
  readonly unique: boolean;
  readonly keys: readonly (string | undefined)[];
  readonly includes: readonly string[];
  readonly distinct: string;
  readonly partial: boolean;
  readonly valid: boolean;
  /** It belongs to a constraint. */
  readonly constraint: boolean;
  readonly fresh: boolean;
}

export interface KnownTable {
  readonly name: Full;
  /** Made by the script that is judged, so nobody else uses it. */
  readonly fresh: boolean;
  readonly temporary: boolean;
  /** There may be more columns, constraints and indexes than are known. */
  readonly open: boolean;
  readonly columns: ReadonlyMap<string, KnownColumn>;
  readonly constraints: readonly KnownConstraint[];
  readonly partitioned: boolean;
  readonly partitionOf?: Full;
  readonly hasDefaultPartition: boolean;
  readonly size?: TableSize;
}

export interface KnownType {
  readonly what: 'enum' | 'domain' | 'other';
  readonly constrained: boolean;
  readonly fresh: boolean;
}

/** Views, sequences, routines, triggers and whatever else is only there or not. */
export interface KnownObject {
  readonly fresh: boolean;
}

/** What is known about the database while scripts go on; changed by `apply` only. */
export interface World {
  /** The state was given, so what is not known is not there. */
  readonly closed: boolean;
  readonly tables: Map<string, KnownTable>;
  readonly indexes: Map<string, KnownIndex>;
  readonly types: Map<string, KnownType>;
  /** By `what` and name. */
  readonly objects: Map<string, KnownObject>;
  /** What the routines do that the scripts have made. */
  readonly routines: Map<string, readonly Act[]>;
}

/** A world without anything; `closed` when that is known for certain. */
export const newWorld = (closed: boolean): World => ({
  closed,
  tables: new Map(),
  indexes: new Map(),
  types: new Map(),
  objects: new Map(),
  routines: new Map(),
});

/** The key of an object that is not a table, index or type. */
export const objectKey = (what: string, name: Full): string => `${what} ${keyOf(name)}`;

/** Temporary tables hide others of their name. */
export const tableKey = (world: World, name: Full): string => {
  const temporary = keyOf({ namespace: 'pg_temp', name: name.name });
  return world.tables.has(temporary) ? temporary : keyOf(name);
};

/** A table nothing is known about. */
const strange = (name: Full): KnownTable => ({
  name,
  fresh: false,
  temporary: false,
  open: true,
  columns: new Map(),
  constraints: [],
  partitioned: false,
  hasDefaultPartition: false,
});

/** What is known about a table; for one that nobody has described it is nothing, and it holds rows. */
export const tableIn = (world: World, name: Full): KnownTable =>
  world.tables.get(tableKey(world, name)) ?? strange(name);

/** Whether the script itself has made the table. */
export const isFresh = (world: World, name: Full): boolean => {
  const { fresh, temporary } = tableIn(world, name);
  return fresh || temporary;
};

/** Whether the table, or materialized view, is known not to be there. */
export const isAbsent = (world: World, name: Full): boolean =>
  world.closed && !world.tables.has(tableKey(world, name)) && !world.objects.has(objectKey('view', name));

/** The column, where something is known about it. */
export const columnIn = (world: World, table: Full, column: string): KnownColumn | undefined =>
  tableIn(world, table).columns.get(column);

/** Whether the script itself has made the column, or its table. */
export const isFreshColumn = (world: World, table: Full, column: string): boolean =>
  isFresh(world, table) || columnIn(world, table, column)?.fresh === true;

/** The indexes of a table. */
export const indexesOf = (world: World, table: Full): readonly KnownIndex[] => {
  const key = tableKey(world, table);
  return [...world.indexes.values()].filter((index) => tableKey(world, index.table) === key);
};

/** Replaces what is known about a table. */
export const putTable = (world: World, name: Full, change: Partial<KnownTable>): void => {
  world.tables.set(tableKey(world, name), { ...tableIn(world, name), ...change });
};

/** A new script begins: what earlier ones have made is in use by now. */
export const forgetFreshness = (world: World): void => {
  for (const [key, table] of world.tables) {
    const columns = [...table.columns].map(([name, column]) => [name, { ...column, fresh: false }] as const);
    const constraints = table.constraints.map((one) => ({ ...one, fresh: false }));
    if (table.temporary) world.tables.delete(key);
    else if (table.fresh || columns.length > 0 || constraints.length > 0)
      world.tables.set(key, { ...table, fresh: false, columns: new Map(columns), constraints });
  }
  for (const [key, index] of world.indexes) if (index.fresh) world.indexes.set(key, { ...index, fresh: false });
  for (const [key, type] of world.types) if (type.fresh) world.types.set(key, { ...type, fresh: false });
  for (const [key, object] of world.objects) if (object.fresh) world.objects.set(key, { fresh: false });
};
