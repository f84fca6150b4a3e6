import type { TableSize } from '@dsem/engine';
import { type Index, type ObjectName, pathOf, type Schema, type Table, type View } from '@dsem/schema';
import { keyOf } from '../../parse/draft.js';
import type { Full } from '../../parse/names.js';
import { placed } from '../../types.js';
import { type KnownConstraint, type KnownIndex, type KnownTable, newWorld, objectKey, type World } from './world.js';

const referenced = (name: ObjectName): Full => placed(name);

const constraintsOf = (table: Table): readonly KnownConstraint[] => {
  const old = { validated: true, fresh: false };
  return [
    ...(table.primaryKey
      ? [{ ...old, kind: 'primary key' as const, name: table.primaryKey.name, columns: table.primaryKey.columns }]
      : []),
    ...table.uniques.map(({ name, columns }) => ({ ...old, kind: 'unique' as const, name, columns })),
    ...table.checks.map(({ name, expression, validated }) => ({
      kind: 'check' as const,
      name,
      columns: [],
      expression,
      validated: validated !== false,
      fresh: false,
    })),
    ...table.foreignKeys.map(({ name, columns, references, validated }) => ({
      kind: 'foreign key' as const,
      name,
      columns,
      references: referenced(references),
      referenced: references.columns,
      validated: validated !== false,
      fresh: false,
    })),
  ];
};

const indexOf = (owner: Full, index: Index): KnownIndex => ({
  name: { namespace: owner.namespace, name: index.name },
  table: owner,
  unique: index.unique ?? false,
  keys: index.keys.map(({ column }) => column),
  includes: index.include ?? [],
  distinct: [
    index.method ?? 'btree',
    ...index.keys.map((key) =>
      key.column !== undefined && !key.order && !key.nulls && !key.attributes ? '' : JSON.stringify(key),
    ),
    index.predicate ?? '',
  ].join('|'),
  partial: index.predicate !== undefined,
  valid: index.valid !== false,
  constraint: false,
  fresh: false,
});

const constraintIndexes = (owner: Full, table: Table): readonly KnownIndex[] =>
  [table.primaryKey, ...table.uniques].flatMap((key) =>
    key
      ? [
          {
            ...indexOf(owner, { name: key.name, keys: key.columns.map((column) => ({ column })), unique: true }),
            constraint: true,
          },
        ]
      : [],
  );

const tableOf = (table: Table, sizes: ReadonlyMap<string, TableSize> | undefined): KnownTable => {
  const size = sizes?.get(pathOf(table));
  return {
    name: placed(table),
    fresh: false,
    temporary: false,
    open: false,
    columns: new Map(
      table.columns.map((column) => [
        column.name,
        {
          name: column.name,
          type: column.type.native,
          notNull: !column.nullable,
          default: column.default !== undefined || column.identity !== undefined,
          ...(column.generated
            ? { generated: column.generated.stored ? ('stored' as const) : ('virtual' as const) }
            : {}),
          fresh: false,
        },
      ]),
    ),
    constraints: constraintsOf(table),
    partitioned: table.partitioning !== undefined,
    ...(table.partitionOf ? { partitionOf: placed(table.partitionOf) } : {}),
    hasDefaultPartition: false,
    ...(size ? { size } : {}),
  };
};

const seedIndexes = (world: World, owner: Table | View, indexes: readonly KnownIndex[]): void => {
  const name = placed(owner);
  for (const index of [...(owner.indexes ?? []).map((one) => indexOf(name, one)), ...indexes])
    world.indexes.set(keyOf(index.name), index);
};

const seedTables = (world: World, schema: Schema, sizes: ReadonlyMap<string, TableSize> | undefined): void => {
  for (const table of schema.tables) {
    world.tables.set(keyOf(table), tableOf(table, sizes));
    seedIndexes(world, table, constraintIndexes(placed(table), table));
  }
  for (const { partitionOf } of schema.tables) {
    const parent = partitionOf && world.tables.get(keyOf(partitionOf));
    if (parent && partitionOf.bound.toUpperCase() === 'DEFAULT')
      world.tables.set(keyOf(partitionOf), { ...parent, hasDefaultPartition: true });
  }
};

/** What a state tells, with the sizes of its tables where they are known. */
export const seeded = (schema: Schema | undefined, sizes: ReadonlyMap<string, TableSize> | undefined): World => {
  const world = newWorld(schema !== undefined);
  if (!schema) return world;
  seedTables(world, schema, sizes);
  const note = (what: string, name: ObjectName): void => {
    world.objects.set(objectKey(what, placed(name)), { fresh: false });
  };
  for (const view of schema.views) {
    note('view', view);
    seedIndexes(world, view, []);
  }
  for (const type of schema.types) {
    const constrained = type.kind === 'domain' && (type.checks.length > 0 || !type.nullable);
    const what = type.kind === 'enum' || type.kind === 'domain' ? type.kind : 'other';
    world.types.set(keyOf(type), { what, constrained, fresh: false });
  }
  for (const sequence of schema.sequences) note('sequence', sequence);
  for (const routine of schema.routines) note('function', routine);
  for (const trigger of schema.triggers)
    note(`trigger on ${pathOf(placed(trigger.table))}`, { ...placed(trigger.table), name: trigger.name });
  for (const policy of schema.policies)
    note(`policy on ${pathOf(placed(policy.table))}`, { ...placed(policy.table), name: policy.name });
  for (const { name } of schema.namespaces) note('schema', { namespace: '', name });
  for (const { name } of schema.extensions) note('extension', { namespace: '', name });
  return world;
};
