import { nameOf, type ObjectName, type Schema, type Table, pathOf } from './model.js';
import type { Rename } from './rename.js';

/**
 * What a desired state says of the earlier name of a table or column. It may stay in the text after it was followed:
 * where the earlier name is not there any more, it says nothing.
 */
export interface RenameHint {
  readonly table: ObjectName;
  /** Absent where the table itself was renamed. */
  readonly column?: string;
  /** The earlier name; of a table with its namespace. */
  readonly was: ObjectName;
}

/** Finds tables by name; one without a namespace is the only table of that name. */
const finder = ({ tables }: Schema): ((name: ObjectName) => Table | undefined) => {
  const byPath = new Map(tables.map((table) => [pathOf(table), table]));
  return (name) => {
    const found = byPath.get(pathOf(name));
    if (found !== undefined || name.namespace !== undefined) return found;
    const [only, ...more] = tables.filter((table) => table.name === name.name);
    return more.length === 0 ? only : undefined;
  };
};

const hasColumn = (table: Table, name: string): boolean => table.columns.some((column) => column.name === name);

const isOpenColumn = (before: Table, after: Table, column: string, was: string): boolean =>
  hasColumn(before, was) && !hasColumn(before, column) && !hasColumn(after, was) && hasColumn(after, column);

/**
 * The hints that say something between two states, tables first and by their full names: where the earlier name is gone
 * and the later one is new. O(schema + hints x columns).
 */
export const openHints = (from: Schema, to: Schema, hints: readonly RenameHint[]): readonly RenameHint[] => {
  const [before, after] = [finder(from), finder(to)];
  const tables = hints.flatMap(({ table, column, was }): readonly RenameHint[] => {
    const [old, now] = [before(was), after(table)];
    const isOpen = old !== undefined && now !== undefined && before(now) === undefined && after(old) === undefined;
    return column === undefined && isOpen ? [{ table: nameOf(now), was: nameOf(old) }] : [];
  });
  const earlier = new Map(tables.map(({ table, was }) => [pathOf(table), pathOf(was)]));
  const standing = new Map(from.tables.map((table) => [pathOf(table), table]));
  const columns = hints.flatMap(({ table, column, was }): readonly RenameHint[] => {
    const now = column === undefined ? undefined : after(table);
    if (column === undefined || now === undefined) return [];
    const old = standing.get(earlier.get(pathOf(now)) ?? pathOf(now));
    const isOpen = old !== undefined && isOpenColumn(old, now, column, was.name);
    return isOpen ? [{ table: nameOf(now), column, was: { name: was.name } }] : [];
  });
  return [...tables, ...columns];
};

/** The renames between two states that the later one's hints declare. O(schema + hints x columns). */
export const declaredRenames = (from: Schema, to: Schema, hints: readonly RenameHint[]): readonly Rename[] => {
  const open = openHints(from, to, hints);
  const earlier = new Map(
    open.filter(({ column }) => column === undefined).map(({ table, was }) => [pathOf(table), was]),
  );
  return open.map(({ table, column, was }): Rename => {
    if (column === undefined) return { kind: 'table', from: pathOf(was), to: pathOf(table) };
    const before = earlier.get(pathOf(table)) ?? table;
    return { kind: 'column', from: pathOf(before, was.name), to: pathOf(table, column) };
  });
};

type Fields = { readonly [name: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const givenName = (table: Fields): ObjectName => ({
  ...(typeof table.namespace === 'string' ? { namespace: table.namespace } : {}),
  name: String(table.name),
});

/** `renamedFrom` of a table: a name, or `{ namespace, name }` where it came from another namespace. */
const earlierTable = (table: Fields): readonly RenameHint[] => {
  const { renamedFrom: was, namespace } = table;
  const beside = typeof namespace === 'string' ? { namespace } : {};
  if (typeof was === 'string') return [{ table: givenName(table), was: { ...beside, name: was } }];
  return isFields(was) && typeof was.name === 'string' ? [{ table: givenName(table), was: givenName(was) }] : [];
};

const earlierColumns = (table: Fields): readonly RenameHint[] =>
  listOf(table.columns).flatMap((column) =>
    isFields(column) && typeof column.renamedFrom === 'string'
      ? [{ table: givenName(table), column: String(column.name), was: { name: column.renamedFrom } }]
      : [],
  );

const without = (value: unknown): unknown => {
  if (!isFields(value) || !('renamedFrom' in value)) return value;
  const { renamedFrom: _, ...rest } = value;
  return rest;
};

const withoutHints = (table: unknown): unknown => {
  if (!isFields(table)) return table;
  const isHinted = listOf(table.columns).some((column) => isFields(column) && 'renamedFrom' in column);
  const bare = without(table) as Fields;
  return isHinted ? { ...bare, columns: listOf(table.columns).map(without) } : bare;
};

/** Takes `renamedFrom` out of the tables and columns of a JSON definition, whose shape is not checked yet. O(columns). */
export const hintsIn = (
  definition: Fields,
): { readonly definition: Fields; readonly renamedFrom: readonly RenameHint[] } => {
  const tables = listOf(definition.tables);
  const renamedFrom = tables.flatMap((table) =>
    isFields(table) ? [...earlierTable(table), ...earlierColumns(table)] : [],
  );
  if (renamedFrom.length === 0) return { definition, renamedFrom };
  return { definition: { ...definition, tables: tables.map(withoutHints) }, renamedFrom };
};

/**
 * The state as a JSON definition that says of earlier names what the hints say: `hintsIn` the other way round. Hints of
 * what is not there are left out. O(columns + hints).
 */
export const withHints = (schema: Schema, hints: readonly RenameHint[]): Fields => {
  const at = finder(schema);
  const of = new Map<Table, RenameHint[]>();
  for (const hint of hints) {
    const table = at(hint.table);
    if (table !== undefined) of.set(table, [...(of.get(table) ?? []), hint]);
  }
  const told = (table: Table): Fields => {
    const own = of.get(table) ?? [];
    const was = own.find(({ column }) => column === undefined)?.was;
    const columns = new Map(own.map((hint) => [hint.column, hint.was.name]));
    const renamed = (name: string): Fields => (columns.has(name) ? { renamedFrom: columns.get(name) } : {});
    return {
      ...table,
      ...(was === undefined ? {} : { renamedFrom: was.namespace === table.namespace ? was.name : was }),
      columns: table.columns.map((column) => ({ ...column, ...renamed(column.name) })),
    };
  };
  return { ...schema, tables: schema.tables.map((table) => (of.has(table) ? told(table) : table)) };
};
