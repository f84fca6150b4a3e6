import { pathOf, type Table } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import { isRule } from '../types/rules.js';
import type { Draft } from './draft.js';

/** A row of a system catalogue as far as guards ask for it; columns that hold an object's oid hold its path. */
export type Row = Readonly<Record<string, string>>;

type Rows = (draft: Draft) => readonly Row[];

const home = (value: { readonly namespace?: string }): string => value.namespace ?? defaultNamespace;

const relations = (draft: Draft): readonly Row[] => {
  const row = (relkind: string) => (value: { readonly namespace?: string; readonly name: string }) => ({
    relname: value.name,
    relkind,
    nspname: home(value),
    relnamespace: home(value),
    oid: pathOf({ namespace: home(value), name: value.name }),
  });
  const indexes = [...draft.indexOwners.keys()].map((key) => {
    const [namespace = '', name = ''] = JSON.parse(key) as readonly string[];
    return row('i')({ namespace, name });
  });
  return [
    ...[...draft.tables.values()].map((table) => row(table.partitioning ? 'p' : 'r')(table)),
    ...[...draft.views.values()].map((view) => row(view.materialized ? 'm' : 'v')(view)),
    ...[...draft.sequences.values()].map(row('S')),
    ...indexes,
  ];
};

const constraintsOf = (table: Table): readonly (readonly [type: string, name: string])[] => [
  ...(table.primaryKey ? [['p', table.primaryKey.name] as const] : []),
  ...table.uniques.map(({ name }) => ['u', name] as const),
  ...table.foreignKeys.map(({ name }) => ['f', name] as const),
  ...table.checks.map(({ name }) => ['c', name] as const),
];

const constraints: Rows = (draft) =>
  [...draft.tables.values()].flatMap((table) =>
    constraintsOf(table).map(([contype, conname]) => ({
      conname,
      contype,
      conrelid: pathOf({ namespace: home(table), name: table.name }),
      connamespace: home(table),
      relname: table.name,
      nspname: home(table),
    })),
  );

const attributes: Rows = (draft) =>
  [...draft.tables.values()].flatMap((table) =>
    table.columns.map(({ name, nullable }) => ({
      attname: name,
      attrelid: pathOf({ namespace: home(table), name: table.name }),
      attnotnull: String(!nullable),
      relname: table.name,
      nspname: home(table),
      is_nullable: nullable ? 'YES' : 'NO',
    })),
  );

const letters: { readonly [kind: string]: string } = { enum: 'e', domain: 'd', struct: 'c' };

const types: Rows = (draft) =>
  [...draft.types.values()].map((type) => ({
    typname: type.name,
    typtype: letters[type.kind] ?? 'b',
    nspname: home(type),
    typnamespace: home(type),
    oid: pathOf({ namespace: home(type), name: type.name }),
  }));

const labels: Rows = (draft) =>
  [...draft.types.values()].flatMap((type) =>
    type.kind !== 'enum'
      ? []
      : type.labels.map((enumlabel) => ({
          enumlabel,
          enumtypid: pathOf({ namespace: home(type), name: type.name }),
          typname: type.name,
          nspname: home(type),
        })),
  );

const routines: Rows = (draft) =>
  [...draft.routines.values()].map((routine) => ({
    proname: routine.name,
    nspname: home(routine),
    pronamespace: home(routine),
  }));

const triggers: Rows = (draft) =>
  [...draft.triggers.values()]
    .filter((one) => !isRule(one))
    .map(({ name, table }) => ({
      tgname: name,
      tgrelid: pathOf({ namespace: home(table), name: table.name }),
      relname: table.name,
      nspname: home(table),
    }));

const policies: Rows = (draft) =>
  [...draft.policies.values()].map(({ name, table }) => ({
    polname: name,
    polrelid: pathOf({ namespace: home(table), name: table.name }),
    relname: table.name,
    nspname: home(table),
  }));

const namespaces: Rows = (draft) => [
  { nspname: defaultNamespace, oid: defaultNamespace },
  ...[...draft.namespaces.keys()].map((nspname) => ({ nspname, oid: nspname })),
];

const indexes: Rows = (draft) =>
  [...draft.indexOwners].map(([key, owner]) => {
    const [schemaname = '', indexname = ''] = JSON.parse(key) as readonly string[];
    const [, tablename = ''] = JSON.parse(owner) as readonly string[];
    return { schemaname, indexname, tablename };
  });

/** Objects that only PostgreSQL has, of one kind. */
const objects =
  (kind: string, column: string): Rows =>
  (draft) =>
    [...draft.others.values()]
      .filter((one) => one.kind === kind)
      .map((one) => ({ [column]: one.name, nspname: home(one) }));

/** The same rows under the names of a view of the catalogue. */
const renamed =
  (rows: Rows, names: Readonly<Record<string, string>>, isShown: (row: Row) => boolean = () => true): Rows =>
  (draft) =>
    rows(draft)
      .filter(isShown)
      .map((row) => Object.fromEntries(Object.entries(names).map(([name, column]) => [name, row[column] ?? ''])));

const ofKinds =
  (...kinds: readonly string[]) =>
  (row: Row): boolean =>
    kinds.includes(row.relkind ?? '');

const constraintTypes: Readonly<Record<string, string>> = {
  p: 'PRIMARY KEY',
  u: 'UNIQUE',
  f: 'FOREIGN KEY',
  c: 'CHECK',
};

const spelledConstraints: Rows = (draft) =>
  constraints(draft).map((row) => ({ ...row, constraint_type: constraintTypes[row.contype ?? ''] ?? '' }));

const spelledTables: Rows = (draft) =>
  relations(draft).map((row) => ({ ...row, table_type: row.relkind === 'v' ? 'VIEW' : 'BASE TABLE' }));

const tableNames = { table_schema: 'nspname', table_name: 'relname' };
const constraintNames = { constraint_name: 'conname', constraint_schema: 'nspname', ...tableNames };

/** Catalogues that guards ask, the one that says most about a row first: what is joined to it adds no row. */
export const catalogues: ReadonlyMap<string, Rows> = new Map<string, Rows>([
  ['pg_constraint', constraints],
  ['pg_attribute', attributes],
  ['pg_enum', labels],
  ['pg_trigger', triggers],
  ['pg_policy', policies],
  ['pg_proc', routines],
  ['pg_type', types],
  ['pg_class', relations],
  ['pg_extension', (draft) => [...draft.extensions.keys()].map((extname) => ({ extname }))],
  ['pg_namespace', namespaces],
  ['pg_collation', objects('collation', 'collname')],
  ['pg_ts_config', objects('text-search-configuration', 'cfgname')],
  ['pg_ts_dict', objects('text-search-dictionary', 'dictname')],
  ['pg_publication', objects('publication', 'pubname')],
  ['pg_statistic_ext', objects('statistics', 'stxname')],
  ['pg_indexes', indexes],
  ['pg_tables', renamed(relations, { schemaname: 'nspname', tablename: 'relname' }, ofKinds('r', 'p'))],
  ['pg_views', renamed(relations, { schemaname: 'nspname', viewname: 'relname' }, ofKinds('v'))],
  ['pg_matviews', renamed(relations, { schemaname: 'nspname', matviewname: 'relname' }, ofKinds('m'))],
  ['pg_sequences', renamed(relations, { schemaname: 'nspname', sequencename: 'relname' }, ofKinds('S'))],
  ['pg_policies', renamed(policies, { schemaname: 'nspname', tablename: 'relname', policyname: 'polname' })],
  ['tables', renamed(spelledTables, { ...tableNames, table_type: 'table_type' }, ofKinds('r', 'p', 'v'))],
  ['views', renamed(relations, tableNames, ofKinds('v'))],
  ['columns', renamed(attributes, { ...tableNames, column_name: 'attname', is_nullable: 'is_nullable' })],
  ['table_constraints', renamed(spelledConstraints, { ...constraintNames, constraint_type: 'constraint_type' })],
  [
    'referential_constraints',
    renamed(constraints, { constraint_name: 'conname', constraint_schema: 'nspname' }, (row) => row.contype === 'f'),
  ],
  ['sequences', renamed(relations, { sequence_schema: 'nspname', sequence_name: 'relname' }, ofKinds('S'))],
  ['schemata', renamed(namespaces, { schema_name: 'nspname' })],
  ['routines', renamed(routines, { routine_schema: 'nspname', routine_name: 'proname' })],
  [
    'triggers',
    renamed(triggers, {
      trigger_schema: 'nspname',
      event_object_schema: 'nspname',
      event_object_table: 'relname',
      trigger_name: 'tgname',
    }),
  ],
]);
