import type {
  CanonicalType,
  Check,
  Column,
  ColumnType,
  EngineName,
  EngineObject,
  Extension,
  ForeignKey,
  Grant,
  Index,
  IndexKey,
  Namespace,
  ObjectName,
  Partitioning,
  Policy,
  PrimaryKey,
  Routine,
  Schema,
  Sequence,
  Table,
  Trigger,
  TypeDefinition,
  Unique,
  View,
} from './model.js';
import { emptySchema } from './model.js';
import { normalizeSchema } from './normalize.js';

/** `public.users` or, where a name holds a dot, its parts. */
export type Name = string | ObjectName;

/** `public.users` as an object name; the first dot ends the namespace. */
export const named = (name: Name): ObjectName => {
  if (typeof name !== 'string') return name;
  const dot = name.indexOf('.');
  return dot < 0 ? { name } : { namespace: name.slice(0, dot), name: name.slice(dot + 1) };
};

type Collections = Omit<Schema, 'engine'>;

/** One object on its way into a schema. */
export type SchemaPart = {
  readonly [Key in keyof Collections]: readonly [Key, Collections[Key][number]];
}[keyof Collections];

type OwnProperties = Pick<Table, 'comment' | 'attributes' | 'partitionOf' | 'inherits' | 'overrides'>;

/** One part on its way into a table. */
export type TablePart =
  | readonly ['columns', Column]
  | readonly ['primaryKey', PrimaryKey]
  | readonly ['uniques', Unique]
  | readonly ['foreignKeys', ForeignKey]
  | readonly ['checks', Check]
  | readonly ['indexes', Index]
  | readonly ['partitioning', Partitioning]
  | readonly ['own', OwnProperties];

type Rest<Value, Given extends keyof Value> = Partial<Omit<Value, Given>>;

/** A native type; without a canonical one it is opaque to other engines. */
export const typed = (native: string, canonical: CanonicalType = { kind: 'opaque', native }): ColumnType => ({
  native,
  canonical,
});

type ColumnOptions = Rest<Column, 'name' | 'type'> & { readonly canonical?: CanonicalType };

/** A column or a document's field outside a table: nested fields, struct fields. */
export const field = (name: string, type: string | ColumnType, options: ColumnOptions = {}): Column => {
  const { canonical, ...rest } = options;
  return { name, type: typeof type === 'string' ? typed(type, canonical) : type, nullable: true, ...rest };
};

/** A column; nullable unless said otherwise. */
export const column = (name: string, type: string | ColumnType, options: ColumnOptions = {}): TablePart => [
  'columns',
  field(name, type, options),
];

/** The primary key over columns in key order. */
export const primaryKey = (
  name: string,
  columns: readonly string[],
  options: Rest<PrimaryKey, 'name' | 'columns'> = {},
): TablePart => ['primaryKey', { name, columns, ...options }];

/** A unique constraint. */
export const unique = (
  name: string,
  columns: readonly string[],
  options: Rest<Unique, 'name' | 'columns'> = {},
): TablePart => ['uniques', { name, columns, ...options }];

/** A foreign key to the columns of another table. */
export const foreignKey = (
  name: string,
  columns: readonly string[],
  table: Name,
  referenced: readonly string[],
  options: Rest<ForeignKey, 'name' | 'columns' | 'references'> = {},
): TablePart => ['foreignKeys', { name, columns, references: { ...named(table), columns: referenced }, ...options }];

/** A check constraint; the expression must be in the engine's normal form. */
export const check = (
  name: string,
  expression: string,
  options: Rest<Check, 'name' | 'expression'> = {},
): TablePart => ['checks', { name, expression, ...options }];

/** An index; a text key is a column. */
export const index = (
  name: string,
  keys: readonly (string | IndexKey)[],
  options: Rest<Index, 'name' | 'keys'> = {},
): TablePart => [
  'indexes',
  { name, keys: keys.map((key) => (typeof key === 'string' ? { column: key } : key)), ...options },
];

/** How the table's rows are spread over partitions. */
export const partitionBy = (
  strategy: string,
  keys: readonly string[],
  attributes?: Partitioning['attributes'],
): TablePart => ['partitioning', { strategy, keys, ...(attributes && { attributes }) }];

/** The table's own comment, engine attributes or parents. */
export const own = (properties: OwnProperties): TablePart => ['own', properties];

const emptyTable = (name: Name): Table => ({
  ...named(name),
  columns: [],
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
});

const withPart = (table: Table, [slot, value]: TablePart): Table => {
  switch (slot) {
    case 'own':
      return { ...table, ...value };
    case 'primaryKey':
      return { ...table, primaryKey: value };
    case 'partitioning':
      return { ...table, partitioning: value };
    case 'columns':
    case 'uniques':
    case 'foreignKeys':
    case 'checks':
    case 'indexes':
      return { ...table, [slot]: [...table[slot], value] };
    default:
      return slot satisfies never;
  }
};

/** A table or collection made of its parts. */
export const table = (name: Name, ...parts: readonly TablePart[]): SchemaPart => [
  'tables',
  parts.reduce(withPart, emptyTable(name)),
];

/** A namespace: schema, database, keyspace or user. */
export const namespace = (name: string, options: Rest<Namespace, 'name'> = {}): SchemaPart => [
  'namespaces',
  { name, ...options },
];

/** An installed extension. */
export const extension = (name: Name, options: Rest<Extension, 'name' | 'namespace'> = {}): SchemaPart => [
  'extensions',
  { ...named(name), ...options },
];

/** An enumeration with its labels in order. */
export const enumeration = (name: Name, labels: readonly string[], comment?: string): SchemaPart => [
  'types',
  { ...named(name), kind: 'enum', labels, ...(comment !== undefined && { comment }) },
];

/** Any type definition; `enumeration` is the short way to the most common one. */
export const type = (definition: TypeDefinition): SchemaPart => ['types', definition];

/** A sequence. */
export const sequence = (name: Name, options: Rest<Sequence, 'name' | 'namespace'> = {}): SchemaPart => [
  'sequences',
  { ...named(name), ...options },
];

const bodyOf = (text: string, uses: readonly string[]): View['body'] => ({
  text,
  normal: text.replace(/\s+/gu, ' ').trim(),
  uses,
});

/** A view with the objects it names. */
export const view = (
  name: Name,
  text: string,
  options: Rest<View, 'name' | 'namespace' | 'body'> & { readonly uses?: readonly string[] } = {},
): SchemaPart => {
  const { uses = [], ...rest } = options;
  return ['views', { ...named(name), body: bodyOf(text, uses), ...rest }];
};

/** A function, procedure, aggregate or package. */
export const routine = (
  name: Name,
  signature: string,
  text: string,
  options: Rest<Routine, 'name' | 'namespace' | 'signature' | 'body'> & { readonly uses?: readonly string[] } = {},
): SchemaPart => {
  const { uses = [], ...rest } = options;
  return ['routines', { ...named(name), kind: 'function', signature, body: bodyOf(text, uses), ...rest }];
};

/** A trigger on a table. */
export const trigger = (
  name: string,
  on: Name,
  text: string,
  options: Rest<Trigger, 'name' | 'body'> = {},
): SchemaPart => ['triggers', { name, table: named(on), body: bodyOf(text, []), ...options }];

/** A row-level security policy on a table. */
export const policy = (name: string, on: Name, options: Rest<Policy, 'name' | 'table'> = {}): SchemaPart => [
  'policies',
  { name, table: named(on), ...options },
];

/** Privileges of one grantee on one object path. */
export const grant = (
  grantee: string,
  on: string,
  privileges: readonly string[],
  options: Rest<Grant, 'name'> = {},
): SchemaPart => ['grants', { name: `${grantee} on ${on}`, grantee, on, privileges, ...options }];

/** An object kind only one engine has. */
export const object = (
  kind: string,
  name: Name,
  definition: EngineObject['definition'],
  options: Rest<EngineObject, 'kind' | 'name' | 'namespace' | 'definition'> = {},
): SchemaPart => ['others', { kind, ...named(name), definition, ...options }];

/** A state in normal form, for tests, examples and programs that hold no DDL. */
export const schema = (engine: EngineName, ...parts: readonly SchemaPart[]): Schema =>
  normalizeSchema(
    parts.reduce<Schema>(
      (state, [slot, value]) => ({ ...state, [slot]: [...state[slot], value] }),
      emptySchema(engine),
    ),
  );
