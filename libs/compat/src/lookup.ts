import {
  type CanonicalType,
  type Column,
  type ObjectName,
  type Schema,
  type Table,
  type TypeDefinition,
  descendantsOf,
  pathOf,
} from '@dsem/schema';

/** The table of that name, if the state has it. */
export const tableIn = (schema: Schema, name: ObjectName): Table | undefined =>
  schema.tables.find((table) => table.name === name.name && table.namespace === name.namespace);

/** Paths of tables and columns, and of the same in every table below: a change of a parent is one of its children too. */
export const withTablesBelow = (schema: Schema, paths: readonly string[]): readonly string[] => {
  const below = schema.tables.flatMap((table) => {
    const path = pathOf(table);
    const met = paths.filter((one) => one === path || one.startsWith(`${path}.`));
    if (met.length === 0) return [];
    return descendantsOf(schema, table).flatMap((child) =>
      met.map((one) => `${pathOf(child)}${one.slice(path.length)}`),
    );
  });
  return below.length === 0 ? paths : [...new Set([...paths, ...below])];
};

/** A table's column, if the state has it. */
export const columnIn = (schema: Schema, table: ObjectName, column: string): Column | undefined =>
  tableIn(schema, table)?.columns.find(({ name }) => name === column);

/** Whether an insert that leaves the column out is refused. */
export const isRequired = (column: Column): boolean =>
  !column.nullable && column.default === undefined && column.identity === undefined && column.generated === undefined;

const uses = (canonical: CanonicalType, path: string): boolean => {
  switch (canonical.kind) {
    case 'enum':
    case 'struct':
    case 'domain':
      return canonical.type === path;
    case 'array':
    case 'set':
      return uses(canonical.of, path);
    case 'map':
      return uses(canonical.key, path) || uses(canonical.value, path);
    default:
      return false;
  }
};

const spelled = (native: string, { name }: TypeDefinition, path: string): boolean => {
  const plain = native.replace(/[[\]]+$/u, '');
  return plain === path || plain === name;
};

/** The type itself and every column that holds its values: what its readers and writers know it by. */
export const typeTouches = (schema: Schema, type: TypeDefinition): readonly string[] => {
  const path = pathOf(type);
  const columns = schema.tables.flatMap((table) =>
    table.columns
      .filter((column) => uses(column.type.canonical, path) || spelled(column.type.native, type, path))
      .map((column) => pathOf(table, column.name)),
  );
  return [path, ...columns];
};

const identifier = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** The columns of a table that an expression names; the whole table when it names none that is known. */
export const expressionTouches = (schema: Schema, table: ObjectName, expression: string): readonly string[] => {
  const words = new Set([...expression.matchAll(identifier)].map(([word, quoted]) => quoted ?? word));
  const named = tableIn(schema, table)?.columns.filter(({ name }) => words.has(name)) ?? [];
  return named.length === 0
    ? [pathOf(table)]
    : columnPaths(
        table,
        named.map(({ name }) => name),
      );
};

/** Paths of several columns of one table. */
export const columnPaths = (table: ObjectName, columns: readonly string[]): readonly string[] =>
  columns.map((column) => pathOf(table, column));

/** The sets of columns that are unique in a table without any condition, each as one text. */
const uniqueSets = (table: Table | undefined): ReadonlySet<string> => {
  if (table === undefined) return new Set();
  const constraints = [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniques];
  const indexes = table.indexes
    .filter(({ unique, predicate }) => unique === true && predicate === undefined)
    .map(({ keys }) => ({ columns: keys.map(({ column, expression }) => column ?? `(${expression ?? ''})`) }));
  return new Set([...constraints, ...indexes].map(({ columns }) => columnSet(columns)));
};

const columnSet = (columns: readonly string[]): string => JSON.stringify([...columns].sort());

/** Whether a state guarantees that the columns are unique together. */
export const guaranteesUnique = (schema: Schema, table: ObjectName, columns: readonly string[]): boolean =>
  uniqueSets(tableIn(schema, table)).has(columnSet(columns));
