import type {
  Body,
  Column,
  ColumnOverride,
  EngineObject,
  ForeignKey,
  Grant,
  Index,
  Noun,
  Policy,
  PrimaryKey,
  Routine,
  Schema,
  Sequence,
  SequenceOptions,
  Table,
  Trigger,
  TypeDefinition,
  View,
} from './model.js';
import { type Slot, byCodeUnit, inOrder, slots, tableSlots } from './slot.js';

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** `value` without undefined properties and, of the named ones, without empty ones; itself when there are none. */
const without = <Value extends object>(value: Value, ...emptyAway: readonly (keyof Value & string)[]): Value => {
  const entries = Object.entries(value) as [string, unknown][];
  const kept = entries.filter(
    ([key, held]) => held !== undefined && !(emptyAway.includes(key as keyof Value & string) && isEmpty(held)),
  );
  return kept.length === entries.length ? value : (Object.fromEntries(kept) as Value);
};

/** An absent comment or attribute means none, so an empty one goes. */
const noun = <Value extends Noun>(value: Value, ...emptyAway: readonly (keyof Value & string)[]): Value =>
  without(value, 'comment', 'attributes', ...emptyAway);

const sorted = (values: readonly string[]): readonly string[] => inOrder([...new Set(values)], (value) => value);

const options = (value: SequenceOptions): SequenceOptions => without(value);

const column = (value: Column): Column => {
  const held = value.identity?.options;
  const identity = value.identity && without({ ...value.identity, ...(held && { options: options(held) }) }, 'options');
  const fields = value.fields?.map(column);
  return noun({ ...value, ...(identity && { identity }), ...(fields && { fields }) }, 'fields');
};

const foreignKey = (value: ForeignKey): ForeignKey => {
  const kept = (action: ForeignKey['onDelete']): ForeignKey['onDelete'] =>
    action === 'no action' ? undefined : action;
  return noun({
    ...value,
    references: without(value.references),
    onDelete: kept(value.onDelete),
    onUpdate: kept(value.onUpdate),
  });
};

const index = (value: Index): Index =>
  noun({ ...value, keys: value.keys.map((key) => without(key, 'attributes')) }, 'include');

const override = (value: ColumnOverride): ColumnOverride => noun(value);

const family = ({ inherits, overrides = [], partitionOf }: Table): Partial<Table> => ({
  ...(partitionOf && { partitionOf: without(partitionOf) }),
  ...(inherits && { inherits: inherits.map((parent) => without(parent)) }),
  ...(overrides.length > 0 && { overrides: inOrder(overrides.map(override), ({ name }) => name) }),
});

const parts = <Container, Value>(
  container: Container,
  slot: Slot<Container, Value>,
  each: (value: Value) => Value,
): readonly Value[] =>
  inOrder(
    slot.read(container).map((value) => each(value)),
    slot.path,
  );

const primaryKey = (value: PrimaryKey | undefined): { readonly primaryKey?: PrimaryKey } =>
  value === undefined ? {} : { primaryKey: noun(value) };

const table = (value: Table): Table =>
  noun(
    {
      ...value,
      columns: value.columns.map(column),
      ...primaryKey(value.primaryKey),
      uniques: parts(value, tableSlots.unique, noun),
      foreignKeys: parts(value, tableSlots['foreign-key'], foreignKey),
      checks: parts(value, tableSlots.check, noun),
      indexes: parts(value, tableSlots.index, index),
      ...(value.partitioning && { partitioning: without(value.partitioning, 'attributes') }),
      ...family(value),
    },
    'inherits',
    'overrides',
  );

const type = (value: TypeDefinition): TypeDefinition => {
  switch (value.kind) {
    case 'enum':
    case 'other':
      return noun(value);
    case 'struct':
      return noun({ ...value, fields: value.fields.map(column) });
    case 'domain':
      return noun({
        ...value,
        checks: inOrder(
          value.checks.map((check) => noun(check)),
          ({ name }) => name,
        ),
      });
    default:
      return value satisfies never;
  }
};

const sequence = (value: Sequence): Sequence =>
  noun(
    {
      ...value,
      ...(value.options && { options: options(value.options) }),
      ...(value.ownedBy && { ownedBy: without(value.ownedBy) }),
    },
    'options',
  );

const body = (value: Body): Body => ({ ...value, uses: sorted(value.uses) });

const view = (value: View): View => {
  const indexes = value.indexes && inOrder(value.indexes.map(index), ({ name }) => name);
  return noun({ ...value, body: body(value.body), ...(indexes && { indexes }) }, 'indexes');
};

const routine = (value: Routine): Routine => noun({ ...value, body: body(value.body) });

const trigger = (value: Trigger): Trigger => noun({ ...value, table: without(value.table), body: body(value.body) });

const policy = (value: Policy): Policy => {
  const roles = value.roles && sorted(value.roles);
  return noun({ ...value, table: without(value.table), ...(roles && { roles }) }, 'roles');
};

const grant = (value: Grant): Grant => noun({ ...value, privileges: sorted(value.privileges) });

const engineObject = (value: EngineObject): EngineObject => noun(value);

const normal = new WeakSet<Schema>();

/**
 * The one form of equal states: sets in name order, defaults and empty properties absent. Columns, keys and labels keep
 * their order; expressions and types are the engine's to bring into form. Idempotent. O(n log n), O(1) when it is its
 * own result.
 */
export const normalizeSchema = (schema: Schema): Schema => {
  if (normal.has(schema)) return schema;
  const made: Schema = {
    engine: schema.engine,
    namespaces: parts(schema, slots.namespace, noun),
    extensions: parts(schema, slots.extension, noun),
    types: parts(schema, slots.type, type),
    sequences: parts(schema, slots.sequence, sequence),
    tables: parts(schema, slots.table, table),
    views: parts(schema, slots.view, view),
    routines: parts(schema, slots.routine, routine),
    triggers: parts(schema, slots.trigger, trigger),
    policies: parts(schema, slots.policy, policy),
    grants: parts(schema, slots.grant, grant),
    others: parts(schema, slots.object, engineObject),
  };
  normal.add(made);
  return made;
};

/** Tables whose columns stand in name order: what is left when column order does not count. */
export const orderless = (schema: Schema): Schema => ({
  ...schema,
  tables: schema.tables.map((value) => ({
    ...value,
    columns: value.columns.toSorted((a, b) => byCodeUnit(a.name, b.name)),
  })),
});
