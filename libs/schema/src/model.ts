/**
 * The nouns of a desired or current schema, shared by the six engines (README.md: object kind x engine -> noun).
 *
 * Conventions that keep one canonical form: an absent optional property means the engine's default; arrays whose order
 * has no meaning are sorted by `normalize`; column order is kept; expressions are normal-form text of the engine.
 */

export const engineNames = ['postgresql', 'mysql', 'mongodb', 'cassandra', 'sqlserver', 'oracle'] as const;
/** The six engines whose schemas are modelled. */
export type EngineName = (typeof engineNames)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What only the engine has, typed by the engine's `dialect/types.ts`; compared structurally by the walker. */
export type Attributes = { readonly [name: string]: Json };

/** Normal-form text of an expression in the engine's own language. */
export type Expression = string;

/** What every noun carries. */
export interface Noun {
  readonly name: string;
  readonly comment?: string;
  readonly attributes?: Attributes;
}

/** A top-level object's name; `namespace` is absent on engines or kinds without one. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

/** The name alone of whatever carries one. */
export const nameOf = ({ namespace, name }: ObjectName): ObjectName =>
  namespace === undefined ? { name } : { namespace, name };

/** A noun at the top level. */
export interface Placed extends Noun, ObjectName {}

/** PostgreSQL schema, MySQL and SQL Server database or schema, Cassandra keyspace, MongoDB database, Oracle user. */
export type Namespace = Noun;

/** An installed extension, package or edition that brings objects of its own. */
export interface Extension extends Placed {
  readonly version?: string;
}

/** The engine-independent meaning of a native type (engines.md section 8); `opaque` has no lossless equivalent. */
export type CanonicalType =
  | { readonly kind: 'bool' | 'uint64' | 'text' | 'blob' | 'date' | 'interval' | 'uuid' | 'json' | 'geometry' }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64 }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'decimal'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'string' | 'fixed-string' | 'bytes'; readonly length?: number }
  | { readonly kind: 'time' | 'timestamp' | 'instant'; readonly precision?: number }
  | { readonly kind: 'array' | 'set'; readonly of: CanonicalType }
  | { readonly kind: 'map'; readonly key: CanonicalType; readonly value: CanonicalType }
  | { readonly kind: 'enum' | 'struct' | 'domain'; readonly type: string }
  | { readonly kind: 'vector'; readonly dimensions: number }
  | { readonly kind: 'opaque'; readonly native: string };

/** A native type stays native; the canonical type stands beside it and is compared only across engines. */
export interface ColumnType {
  readonly native: string;
  readonly canonical: CanonicalType;
}

export interface Identity {
  readonly always: boolean;
  readonly options?: SequenceOptions;
}

export interface Generated {
  readonly expression: Expression;
  readonly stored: boolean;
}

/** A table's column, a wide-column cell, or a document's field (`fields` holds nested documents). */
export interface Column extends Noun {
  readonly type: ColumnType;
  /** true when absent or NULL values are allowed; a document field that is not `required` is nullable. */
  readonly nullable: boolean;
  readonly default?: Expression;
  readonly identity?: Identity;
  readonly generated?: Generated;
  readonly fields?: readonly Column[];
}

/** Key order is semantic. Cassandra puts `partitionKey` (count of leading columns) and clustering order in attributes. */
export interface PrimaryKey extends Noun {
  readonly columns: readonly string[];
}

export interface Unique extends Noun {
  readonly columns: readonly string[];
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKey extends Noun {
  readonly columns: readonly string[];
  readonly references: ObjectName & { readonly columns: readonly string[] };
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  /** Present and false while existing rows have not been checked. */
  readonly validated?: false;
}

export interface Check extends Noun {
  readonly expression: Expression;
  /** Present and false while existing rows have not been checked. */
  readonly validated?: false;
}

/** Either a column or an expression, with its order. */
export interface IndexKey {
  readonly column?: string;
  readonly expression?: Expression;
  readonly order?: 'desc';
  readonly nulls?: 'first' | 'last';
  readonly attributes?: Attributes;
}

export interface Index extends Noun {
  readonly keys: readonly IndexKey[];
  readonly unique?: true;
  /** Absent means the engine's default access method. */
  readonly method?: string;
  readonly include?: readonly string[];
  readonly predicate?: Expression;
  /** Present and false for the debris of a failed online build. */
  readonly valid?: false;
}

export interface Partitioning {
  readonly strategy: string;
  readonly keys: readonly string[];
  readonly attributes?: Attributes;
}

/**
 * Where a column that a table has from its parent differs from the parent's. A comment and attributes stand here when the
 * table has them, because a parent does not hand them on.
 */
export interface ColumnOverride extends Noun {
  /** null where the parent has a default and the table has none. */
  readonly default?: Expression | null;
  readonly nullable?: boolean;
}

/**
 * A relational or wide-column table, or a document collection. A partition and a table that inherits hold only what they
 * have beside their parents: columns, constraints and indexes that come from a parent stand there, once.
 */
export interface Table extends Placed {
  readonly columns: readonly Column[];
  readonly primaryKey?: PrimaryKey;
  readonly uniques: readonly Unique[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
  readonly partitioning?: Partitioning;
  readonly partitionOf?: ObjectName & { readonly bound: string };
  /** Tables whose columns and checks this one has as well; their order decides that of the columns and nothing else. */
  readonly inherits?: readonly ObjectName[];
  readonly overrides?: readonly ColumnOverride[];
}

/** A type definition of one kind. */
export interface TypeOf<Kind extends string> extends Placed {
  readonly kind: Kind;
}

export interface EnumType extends TypeOf<'enum'> {
  /** Order is semantic. */
  readonly labels: readonly string[];
}

export interface StructType extends TypeOf<'struct'> {
  readonly fields: readonly Column[];
}

export interface DomainType extends TypeOf<'domain'> {
  readonly base: ColumnType;
  readonly nullable: boolean;
  readonly default?: Expression;
  readonly checks: readonly Check[];
}

/** A range, base or table type whose definition only the engine understands. */
export interface OtherType extends TypeOf<'other'> {
  readonly definition: Attributes;
}

export type TypeDefinition = EnumType | StructType | DomainType | OtherType;

export interface SequenceOptions {
  readonly start?: string;
  readonly increment?: string;
  readonly min?: string;
  readonly max?: string;
  readonly cache?: string;
  readonly cycle?: true;
}

export interface Sequence extends Placed {
  readonly type?: string;
  readonly options?: SequenceOptions;
  readonly ownedBy?: ObjectName & { readonly column: string };
}

/** Code kept as written (`text`), its token-normal form that is compared (`normal`), and the objects it names. */
export interface Body {
  readonly text: string;
  readonly normal: string;
  readonly uses: readonly string[];
}

export interface View extends Placed {
  readonly body: Body;
  /** Output columns where known, in order. */
  readonly columns?: readonly string[];
  readonly materialized?: true;
  readonly indexes?: readonly Index[];
}

/** `signature` holds the identity arguments, so that overloads differ. */
export interface Routine extends Placed {
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'package';
  readonly signature: string;
  readonly returns?: string;
  readonly language?: string;
  readonly body: Body;
}

/** A noun that belongs to one table but is managed beside it. */
export interface OnTable extends Noun {
  readonly table: ObjectName;
}

export interface Trigger extends OnTable {
  readonly body: Body;
}

export interface Policy extends OnTable {
  readonly command?: string;
  readonly roles?: readonly string[];
  readonly using?: Expression;
  readonly check?: Expression;
}

/**
 * One grantee's privileges on one object, named `<grantee> on <object path>`. In front of the path may stand words that
 * say the object's kind, where paths of several kinds can be alike (`schema app`). Who owns an object is a grant too, of
 * OWNERSHIP alone, named `owner of <object path>`.
 */
export interface Grant extends Noun {
  readonly grantee: string;
  readonly on: string;
  readonly privileges: readonly string[];
}

/** An object kind only one engine has; the engine's `dialect/types.ts` declares the union of `kind`. */
export interface EngineObject extends Placed {
  readonly kind: string;
  readonly definition: Attributes;
}

/** The whole desired or current state of one logical database. */
export interface Schema {
  readonly engine: EngineName;
  readonly namespaces: readonly Namespace[];
  readonly extensions: readonly Extension[];
  readonly types: readonly TypeDefinition[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly routines: readonly Routine[];
  readonly triggers: readonly Trigger[];
  readonly policies: readonly Policy[];
  readonly grants: readonly Grant[];
  readonly others: readonly EngineObject[];
}

/** A schema without any object: what `dsem diff --from empty` means. */
export const emptySchema = (engine: EngineName): Schema => ({
  engine,
  namespaces: [],
  extensions: [],
  types: [],
  sequences: [],
  tables: [],
  views: [],
  routines: [],
  triggers: [],
  policies: [],
  grants: [],
  others: [],
});

const plainPart = /^[A-Za-z_][A-Za-z0-9_$]*$/;
const pathPart = (part: string): string => (plainPart.test(part) ? part : JSON.stringify(part));

/** The dotted path a person sees (`public.users.email`); a part with other characters is JSON-quoted, so paths never collide. */
export const pathOf = (name: ObjectName, ...inner: readonly string[]): string =>
  [...(name.namespace === undefined ? [] : [name.namespace]), name.name, ...inner].map(pathPart).join('.');
