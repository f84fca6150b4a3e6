import type { Change } from './change.js';
import { InconsistentDefinition } from './errors.js';
import { moveGrant } from './grant-place.js';
import { descendantsOf, isChildOf } from './inheritance.js';
import {
  type Check,
  type Column,
  type Expression,
  type ForeignKey,
  type Index,
  nameOf,
  type ObjectName,
  pathOf,
  type Policy,
  type Schema,
  type Table,
} from './model.js';
import { inOrder, slots } from './slot.js';

/** Intent that two objects are the same one under a new name; a rename is never guessed. Paths as in `pathOf`. */
export interface Rename {
  readonly kind: 'table' | 'column';
  readonly from: string;
  readonly to: string;
}

type RenameChange = Extract<Change, { readonly kind: 'rename-table' | 'rename-column' }>;

const found = <Value>(value: Value | undefined, noun: string, path: string): Value => {
  if (value !== undefined) return value;
  throw new InconsistentDefinition(`A rename names the ${noun} ${path}, which does not exist.`, { object: path });
};

const tableRename = (from: Schema, to: Schema, rename: Rename): RenameChange => {
  const at = (schema: Schema, path: string): ObjectName =>
    nameOf(
      found(
        schema.tables.find((table) => pathOf(table) === path),
        'table',
        path,
      ),
    );
  return { kind: 'rename-table', object: rename.from, from: at(from, rename.from), to: at(to, rename.to) };
};

const columnAt = (schema: Schema, path: string): { readonly table: Table; readonly column: string } | undefined => {
  for (const table of schema.tables) {
    const column = table.columns.find(({ name }) => pathOf(table, name) === path);
    if (column !== undefined) return { table, column: column.name };
  }
  return undefined;
};

/** The table a renamed column stands in keeps its new name: table renames come first. */
const columnRename = (from: Schema, to: Schema, rename: Rename, tables: readonly Rename[]): RenameChange => {
  const before = found(columnAt(from, rename.from), 'column', rename.from);
  const after = found(columnAt(to, rename.to), 'column', rename.to);
  const moved = tables.find((table) => table.from === pathOf(before.table))?.to ?? pathOf(before.table);
  if (moved !== pathOf(after.table)) {
    throw new InconsistentDefinition(`A rename moves ${rename.from} to another table, ${pathOf(after.table)}.`, {
      object: rename.from,
    });
  }
  const table = nameOf(after.table);
  return { kind: 'rename-column', object: pathOf(table, before.column), table, from: before.column, to: after.column };
};

/**
 * The changes that carry out the declared renames, tables first. O(renames x schema).
 * @throws InconsistentDefinition when an end of a rename does not exist or a column would change its table.
 */
export const renameChanges = (from: Schema, to: Schema, renames: readonly Rename[]): readonly RenameChange[] => {
  const tables = renames.filter(({ kind }) => kind === 'table');
  return [
    ...tables.map((rename) => tableRename(from, to, rename)),
    ...renames.filter(({ kind }) => kind === 'column').map((rename) => columnRename(from, to, rename, tables)),
  ];
};

const sameName = (a: ObjectName, b: ObjectName): boolean => a.name === b.name && a.namespace === b.namespace;

const place = <Value extends ObjectName>(value: Value, name: ObjectName): Value => {
  const { namespace: _, ...rest } = value;
  return { ...rest, ...name } as Value;
};

/** Everything that refers to a table by name follows it, as it does in the database. O(schema). */
export const moveTable = (schema: Schema, from: ObjectName, to: ObjectName): Schema => {
  const follow = <Value extends ObjectName>(value: Value): Value => (sameName(value, from) ? place(value, to) : value);
  const concerns = (value: Table): boolean =>
    sameName(value, from) || isChildOf(value, from) || value.foreignKeys.some((key) => sameName(key.references, from));
  const moved = (value: Table): Table => ({
    ...follow(value),
    foreignKeys: value.foreignKeys.map((key) => ({ ...key, references: follow(key.references) })),
    ...(value.partitionOf === undefined ? {} : { partitionOf: follow(value.partitionOf) }),
    ...(value.inherits === undefined ? {} : { inherits: value.inherits.map(follow) }),
  });
  const table = (value: Table): Table => (concerns(value) ? moved(value) : value);
  return {
    ...schema,
    tables: inOrder(schema.tables.map(table), slots.table.path),
    sequences: schema.sequences.map((s) =>
      s.ownedBy === undefined || !sameName(s.ownedBy, from) ? s : { ...s, ownedBy: follow(s.ownedBy) },
    ),
    triggers: inOrder(
      schema.triggers.map((value) => ({ ...value, table: follow(value.table) })),
      slots.trigger.path,
    ),
    policies: inOrder(
      schema.policies.map((value) => ({ ...value, table: follow(value.table) })),
      slots.policy.path,
    ),
    grants: inOrder(
      schema.grants.map((grant) => moveGrant(grant, pathOf(from), pathOf(to))),
      slots.grant.path,
    ),
  };
};

const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** Replaces the column's name where it stands as an identifier, never inside a literal or as a function's name. */
const inExpression = (text: Expression, from: string, to: string): Expression =>
  text.replace(token, (part, at: number) => {
    if (part !== from && part !== `"${from}"`) return part;
    return /^\s*\(/u.test(text.slice(at + part.length)) ? part : part.startsWith('"') ? `"${to}"` : to;
  });

interface NewName {
  readonly from: string;
  readonly to: string;
}

const names = (values: readonly string[], { from, to }: NewName): readonly string[] =>
  values.map((value) => (value === from ? to : value));

const indexWith = (index: Index, rename: NewName): Index => ({
  ...index,
  keys: index.keys.map((key) => ({
    ...key,
    ...(key.column === rename.from ? { column: rename.to } : {}),
    ...(key.expression === undefined ? {} : { expression: inExpression(key.expression, rename.from, rename.to) }),
  })),
  ...(index.include === undefined ? {} : { include: names(index.include, rename) }),
  ...(index.predicate === undefined ? {} : { predicate: inExpression(index.predicate, rename.from, rename.to) }),
});

const columnWith = (column: Column, { from, to }: NewName): Column => ({
  ...column,
  ...(column.name === from ? { name: to } : {}),
  ...(column.generated === undefined
    ? {}
    : { generated: { ...column.generated, expression: inExpression(column.generated.expression, from, to) } }),
});

const checkWith = (check: Check, { from, to }: NewName): Check => ({
  ...check,
  expression: inExpression(check.expression, from, to),
});

/** A key is a column's name or an expression; expressions hold parentheses, and a column of that name is one. */
const partitionKeys = (table: Table, keys: readonly string[], { from, to }: NewName): readonly string[] => {
  const columns = new Set(table.columns.map(({ name }) => name));
  return keys.map((key) => {
    if (key === from) return to;
    return columns.has(key) || !key.includes('(') ? key : inExpression(key, from, to);
  });
};

const ownTable = (table: Table, rename: NewName): Table => ({
  ...table,
  columns: table.columns.map((column) => columnWith(column, rename)),
  ...(table.primaryKey === undefined
    ? {}
    : { primaryKey: { ...table.primaryKey, columns: names(table.primaryKey.columns, rename) } }),
  uniques: table.uniques.map((unique) => ({ ...unique, columns: names(unique.columns, rename) })),
  foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: names(key.columns, rename) })),
  checks: table.checks.map((check) => checkWith(check, rename)),
  indexes: table.indexes.map((index) => indexWith(index, rename)),
  ...(table.partitioning === undefined
    ? {}
    : { partitioning: { ...table.partitioning, keys: partitionKeys(table, table.partitioning.keys, rename) } }),
  ...(table.overrides === undefined
    ? {}
    : { overrides: table.overrides.map((one) => (one.name === rename.from ? { ...one, name: rename.to } : one)) }),
});

const referring = (key: ForeignKey, isHolder: (name: ObjectName) => boolean, rename: NewName): ForeignKey =>
  isHolder(key.references)
    ? { ...key, references: { ...key.references, columns: names(key.references.columns, rename) } }
    : key;

/** What a condition reads from other tables may have columns of the same name, so one with a query is left to the engine. */
const inCondition = (text: Expression, { from, to }: NewName): Expression =>
  /\bselect\b/iu.test(text) ? text : inExpression(text, from, to);

const policyWith = (policy: Policy, rename: NewName): Policy => ({
  ...policy,
  ...(policy.using === undefined ? {} : { using: inCondition(policy.using, rename) }),
  ...(policy.check === undefined ? {} : { check: inCondition(policy.check, rename) }),
});

/** Keys, indexes, checks, policies and foreign keys that name the column follow it, below the table as well. O(schema). */
export const moveColumn = (schema: Schema, table: ObjectName, from: string, to: string): Schema => {
  const rename = { from, to };
  const family: readonly ObjectName[] = [table, ...descendantsOf(schema, table)];
  const holders = new Set(family.map((one) => pathOf(one)));
  const isHolder = (name: ObjectName): boolean => holders.has(pathOf(name));
  const refers = (value: Table): Table =>
    value.foreignKeys.some((key) => isHolder(key.references))
      ? { ...value, foreignKeys: value.foreignKeys.map((key) => referring(key, isHolder, rename)) }
      : value;
  return {
    ...schema,
    tables: schema.tables.map((value) => refers(isHolder(value) ? ownTable(value, rename) : value)),
    policies: schema.policies.map((policy) => (sameName(policy.table, table) ? policyWith(policy, rename) : policy)),
    grants: inOrder(
      schema.grants.map((grant) =>
        family.reduce((moved, one) => moveGrant(moved, pathOf(one, from), pathOf(one, to)), grant),
      ),
      slots.grant.path,
    ),
    sequences: schema.sequences.map((s) =>
      s.ownedBy !== undefined && sameName(s.ownedBy, table) && s.ownedBy.column === from
        ? { ...s, ownedBy: { ...s.ownedBy, column: to } }
        : s,
    ),
  };
};
