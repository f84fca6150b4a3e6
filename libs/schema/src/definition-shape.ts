import { z } from 'zod';
import type {
  Body,
  CanonicalType,
  Check,
  Column,
  ColumnType,
  EngineObject,
  Extension,
  ForeignKey,
  Grant,
  Index,
  IndexKey,
  Json,
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
import { engineNameShape } from './shapes.js';

/** A shape whose absent parts are filled in, so that input and output differ. */
type Shape<Output> = z.ZodType<Output>;

const name = z.string().min(1).max(4096);
const texts = z.array(name);
const json: Shape<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);
const attributes = z.record(z.string(), json);
const noun = { name, comment: z.string().optional(), attributes: attributes.optional() };
const objectName = { namespace: name.optional(), name };
const placed = { ...noun, namespace: name.optional() };
const never = z.literal(false).optional();

const count = z.int().min(0);
const canonical: Shape<CanonicalType> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['bool', 'uint64', 'text', 'blob', 'date', 'interval', 'uuid', 'json', 'geometry']),
    }),
    z.strictObject({ kind: z.literal('int'), bits: z.literal([8, 16, 32, 64]) }),
    z.strictObject({ kind: z.literal('float'), bits: z.literal([32, 64]) }),
    z.strictObject({ kind: z.literal('decimal'), precision: count.optional(), scale: z.int().optional() }),
    z.strictObject({ kind: z.enum(['string', 'fixed-string', 'bytes']), length: count.optional() }),
    z.strictObject({ kind: z.enum(['time', 'timestamp', 'instant']), precision: count.optional() }),
    z.strictObject({ kind: z.enum(['array', 'set']), of: canonical }),
    z.strictObject({ kind: z.literal('map'), key: canonical, value: canonical }),
    z.strictObject({ kind: z.enum(['enum', 'struct', 'domain']), type: z.string() }),
    z.strictObject({ kind: z.literal('vector'), dimensions: count }),
    z.strictObject({ kind: z.literal('opaque'), native: z.string() }),
  ]),
);

/** A bare text is a native type that other engines cannot read. */
const columnType: Shape<ColumnType> = z.union([
  name.transform((native): ColumnType => ({ native, canonical: { kind: 'opaque', native } })),
  z
    .strictObject({ native: name, canonical: canonical.optional() })
    .transform((type): ColumnType => ({ canonical: { kind: 'opaque', native: type.native }, ...type })),
]);

const sequenceOptions = z.strictObject({
  start: z.string().optional(),
  increment: z.string().optional(),
  min: z.string().optional(),
  max: z.string().optional(),
  cache: z.string().optional(),
  cycle: z.literal(true).optional(),
});

const column: Shape<Column> = z.lazy(() =>
  z.strictObject({
    ...noun,
    type: columnType,
    nullable: z.boolean().default(true),
    default: z.string().optional(),
    identity: z.strictObject({ always: z.boolean(), options: sequenceOptions.optional() }).optional(),
    generated: z.strictObject({ expression: z.string(), stored: z.boolean() }).optional(),
    fields: z.array(column).optional(),
  }),
);

const key: Shape<PrimaryKey & Unique> = z.strictObject({ ...noun, columns: texts });
const action = z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']).optional();
const foreignKey: Shape<ForeignKey> = z.strictObject({
  ...noun,
  columns: texts,
  references: z.strictObject({ ...objectName, columns: texts }),
  onDelete: action,
  onUpdate: action,
  validated: never,
});
const check: Shape<Check> = z.strictObject({ ...noun, expression: z.string(), validated: never });

const indexKey: Shape<IndexKey> = z
  .strictObject({
    column: name.optional(),
    expression: z.string().optional(),
    order: z.literal('desc').optional(),
    nulls: z.enum(['first', 'last']).optional(),
    attributes: attributes.optional(),
  })
  .refine((value) => (value.column === undefined) !== (value.expression === undefined), {
    error: 'must have either a column or an expression',
  });
const index: Shape<Index> = z.strictObject({
  ...noun,
  keys: z.array(indexKey),
  unique: z.literal(true).optional(),
  method: name.optional(),
  include: texts.optional(),
  predicate: z.string().optional(),
  valid: never,
});

const partitioning: Shape<Partitioning> = z.strictObject({
  strategy: name,
  keys: texts,
  attributes: attributes.optional(),
});
const table: Shape<Table> = z.strictObject({
  ...placed,
  columns: z.array(column).default([]),
  primaryKey: key.optional(),
  uniques: z.array(key).default([]),
  foreignKeys: z.array(foreignKey).default([]),
  checks: z.array(check).default([]),
  indexes: z.array(index).default([]),
  partitioning: partitioning.optional(),
  partitionOf: z.strictObject({ ...objectName, bound: z.string() }).optional(),
  inherits: z.array(z.strictObject(objectName)).optional(),
  overrides: z
    .array(z.strictObject({ ...noun, default: z.string().nullable().optional(), nullable: z.boolean().optional() }))
    .optional(),
});

const type: Shape<TypeDefinition> = z.discriminatedUnion('kind', [
  z.strictObject({ ...placed, kind: z.literal('enum'), labels: z.array(z.string()).default([]) }),
  z.strictObject({ ...placed, kind: z.literal('struct'), fields: z.array(column).default([]) }),
  z.strictObject({
    ...placed,
    kind: z.literal('domain'),
    base: columnType,
    nullable: z.boolean().default(true),
    default: z.string().optional(),
    checks: z.array(check).default([]),
  }),
  z.strictObject({ ...placed, kind: z.literal('other'), definition: attributes.default({}) }),
]);

const sequence: Shape<Sequence> = z.strictObject({
  ...placed,
  type: name.optional(),
  options: sequenceOptions.optional(),
  ownedBy: z.strictObject({ ...objectName, column: name }).optional(),
});

/** Without a token-normal form the text with its white space folded is compared. */
const body: Shape<Body> = z
  .strictObject({ text: z.string(), normal: z.string().optional(), uses: texts.default([]) })
  .transform((value): Body => ({ ...value, normal: value.normal ?? value.text.replace(/\s+/gu, ' ').trim() }));

const view: Shape<View> = z.strictObject({
  ...placed,
  body,
  columns: texts.optional(),
  materialized: z.literal(true).optional(),
  indexes: z.array(index).optional(),
});
const routine: Shape<Routine> = z.strictObject({
  ...placed,
  kind: z.enum(['function', 'procedure', 'aggregate', 'package']),
  signature: z.string().default(''),
  returns: z.string().optional(),
  language: z.string().optional(),
  body,
});

const tableName: Shape<ObjectName> = z.strictObject(objectName);
const trigger: Shape<Trigger> = z.strictObject({ ...noun, table: tableName, body });
const policy: Shape<Policy> = z.strictObject({
  ...noun,
  table: tableName,
  command: z.string().optional(),
  roles: texts.optional(),
  using: z.string().optional(),
  check: z.string().optional(),
});
const grant: Shape<Grant> = z.strictObject({ ...noun, grantee: name, on: name, privileges: texts });
const extension: Shape<Extension> = z.strictObject({ ...placed, version: z.string().optional() });
const engineObject: Shape<EngineObject> = z.strictObject({ ...placed, kind: name, definition: attributes.default({}) });
const namespace: Shape<Namespace> = z.strictObject(noun);

type Shapes = { readonly [Key in Exclude<keyof Schema, 'engine'>]: Shape<Schema[Key][number]> };

/** The shape of one object of each collection: they are read one at a time, so that the first fault ends the reading. */
export const objectShapes: Shapes = {
  namespaces: namespace,
  extensions: extension,
  types: type,
  sequences: sequence,
  tables: table,
  views: view,
  routines: routine,
  triggers: trigger,
  policies: policy,
  grants: grant,
  others: engineObject,
};

/** The whole canonical JSON as one shape, for the printed JSON Schema. */
export const definitionShape = z.strictObject({
  engine: engineNameShape,
  ...(Object.fromEntries(
    Object.entries(objectShapes).map(([collection, shape]) => [collection, z.array(shape).default([])]),
  ) as { readonly [Key in keyof Shapes]: z.ZodDefault<z.ZodArray<Shapes[Key]>> }),
});
