import type { Change } from './change.js';
import {
  type Check,
  type Column,
  emptySchema,
  type EngineName,
  type Index,
  type ObjectName,
  pathOf,
  type Policy,
  type Schema,
  type Table,
  type TypeDefinition,
  type View,
} from './model.js';
import { replacementName, retiredName } from './replacement.js';
import { sidesOf, type Standing } from './reference.js';
import { onTablePath } from './slot.js';

/** Sees the expression at a place, such as `check public.t.positive`, and tells the text that shall stand there. */
export type OnExpression = (place: string, text: string) => string;

const kept = <Value extends object, Key extends keyof Value>(value: Value, key: Key, text: Value[Key]): Value =>
  value[key] === text ? value : { ...value, [key]: text };

/** An array whose items are the same objects where nothing changed, and itself where no item did. */
const each = <Value>(values: readonly Value[], map: (value: Value) => Value): readonly Value[] => {
  const made = values.map(map);
  return made.every((one, at) => one === values[at]) ? values : made;
};

const optional = <Value extends object, Key extends keyof Value>(
  value: Value,
  key: Key,
  place: string,
  on: OnExpression,
): Value => {
  const text = value[key];
  return typeof text === 'string' ? kept(value, key, on(place, text) as Value[Key]) : value;
};

const ofColumn = (column: Column, path: string, on: OnExpression): Column => {
  const made = optional(column, 'default', `default ${path}`, on);
  const { generated } = made;
  return generated === undefined
    ? made
    : kept(made, 'generated', optional(generated, 'expression', `generated ${path}`, on));
};

const ofCheck = (check: Check, path: string, on: OnExpression): Check =>
  optional(check, 'expression', `check ${path}`, on);

const ofIndex = (index: Index, path: string, on: OnExpression): Index => {
  const keys = each(index.keys, (key) => optional(key, 'expression', `key ${index.keys.indexOf(key)} ${path}`, on));
  return optional(kept(index, 'keys', keys), 'predicate', `predicate ${path}`, on);
};

const ofTable = (table: Table, on: OnExpression): Table => {
  const path = (name: string): string => pathOf(table, name);
  const columns = each(table.columns, (column) => ofColumn(column, path(column.name), on));
  const checks = each(table.checks, (check) => ofCheck(check, path(check.name), on));
  const indexes = each(table.indexes, (index) => ofIndex(index, path(index.name), on));
  return kept(kept(kept(table, 'columns', columns), 'checks', checks), 'indexes', indexes);
};

const ofType = (type: TypeDefinition, on: OnExpression): TypeDefinition => {
  if (type.kind !== 'domain') return type;
  const checks = each(type.checks, (check) => ofCheck(check, pathOf(type, check.name), on));
  return optional(kept(type, 'checks', checks), 'default', `default ${pathOf(type)}`, on);
};

const ofView = (view: View, on: OnExpression): View => {
  const normal = on(`view ${pathOf(view)}`, view.body.normal);
  const made = normal === view.body.normal ? view : { ...view, body: { ...view.body, text: normal, normal } };
  if (made.indexes === undefined) return made;
  return kept(
    made,
    'indexes',
    each(made.indexes, (index) => ofIndex(index, pathOf(view, index.name), on)),
  );
};

const ofPolicy = (policy: Policy, on: OnExpression): Policy => {
  const path = onTablePath(policy);
  return optional(optional(policy, 'using', `using ${path}`, on), 'check', `with-check ${path}`, on);
};

/**
 * The state with every expression as `on` tells it: defaults, generated columns, checks, index keys and predicates,
 * views, policies, domains. Whatever does not change stays the same object. O(schema).
 */
export const mapExpressions = (schema: Schema, on: OnExpression): Schema => {
  const types = each(schema.types, (type) => ofType(type, on));
  const tables = each(schema.tables, (table) => ofTable(table, on));
  const views = each(schema.views, (view) => ofView(view, on));
  const policies = each(schema.policies, (policy) => ofPolicy(policy, on));
  return kept(kept(kept(kept(schema, 'types', types), 'tables', tables), 'views', views), 'policies', policies);
};

/** Every expression of a state by its place. O(schema). */
export const expressionsOf = (schema: Schema): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  mapExpressions(schema, (place, text) => {
    found.set(place, text);
    return text;
  });
  return found;
};

const bare = ({ namespace, name }: ObjectName): Table => ({
  ...(namespace === undefined ? {} : { namespace }),
  name,
  columns: [],
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
});

/** An index stands under a name of its own for a while when it takes the place of another one, or gives it. */
const underAllNames = (table: ObjectName, index: Index): readonly Index[] =>
  [replacementName, retiredName].reduce<readonly Index[]>(
    (known, naming) => [...known, { ...index, name: naming(pathOf(table, index.name)) }],
    [index],
  );

/** The smallest state that holds the noun of a change; empty for nouns without expressions. */
const fragment = (engine: EngineName, change: Standing): Schema => {
  const empty = emptySchema(engine);
  switch (change.kind) {
    case 'create-table':
    case 'drop-table':
      return { ...empty, tables: [change.table] };
    case 'add-column':
    case 'drop-column':
      return { ...empty, tables: [{ ...bare(change.table), columns: [change.column] }] };
    case 'add-check':
    case 'drop-check':
      return { ...empty, tables: [{ ...bare(change.table), checks: [change.check] }] };
    case 'create-index':
    case 'drop-index':
      return { ...empty, tables: [{ ...bare(change.table), indexes: underAllNames(change.table, change.index) }] };
    case 'create-view':
    case 'drop-view':
      return { ...empty, views: [change.view] };
    case 'create-policy':
    case 'drop-policy':
      return { ...empty, policies: [change.policy] };
    case 'create-type':
    case 'drop-type':
      return { ...empty, types: [change.type] };
    default:
      return empty;
  }
};

/** Every text that stands at a place before or after one of the changes. O(changes). */
export const expressionsIn = (
  engine: EngineName,
  changes: readonly Change[],
): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  for (const change of changes) {
    const { before, after } = sidesOf(change);
    for (const side of [after, before]) {
      if (side === undefined) continue;
      for (const [place, text] of expressionsOf(fragment(engine, side))) {
        found.set(place, [...new Set([...(found.get(place) ?? []), text])]);
      }
    }
  }
  return found;
};
