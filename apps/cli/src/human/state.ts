import { pathOf, type Schema, type Table } from '@dsem/schema';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { table as aligned, count, indent } from '../output/table.js';
import { columnText } from './change.js';

const keyText = ({ columns }: { readonly columns: readonly string[] }): string => `(${columns.join(', ')})`;

const partsOf = (table: Table): readonly (readonly string[])[] => [
  ...(table.primaryKey === undefined ? [] : [['primary key', table.primaryKey.name, keyText(table.primaryKey)]]),
  ...table.uniques.map((unique) => ['unique', unique.name, keyText(unique)]),
  ...table.foreignKeys.map((key) => {
    const target = `${pathOf(key.references)} ${keyText(key.references)}`;
    return ['foreign key', key.name, `${keyText(key)} → ${target}`];
  }),
  ...table.checks.map((check) => ['check', check.name, check.expression]),
  ...table.indexes.map((index) => {
    const keys = index.keys.map((key) => key.column ?? key.expression ?? '').join(', ');
    return [index.unique === true ? 'unique index' : 'index', index.name, `(${keys})`];
  }),
];

const tableText = (table: Table, paint: Paint): string => {
  const columns = table.columns.map((column) => [column.name, columnText(column)].map(printable));
  const parts = partsOf(table).map((part) => part.map(printable));
  const body = aligned([], columns) + aligned([], parts);
  return `${paint.bold(`table ${printable(pathOf(table))}`)}\n${indent(body, 2)}`;
};

const single = (schema: Schema): readonly string[] => [
  ...schema.namespaces.map((namespace) => `schema ${pathOf(namespace)}`),
  ...schema.extensions.map((extension) => `extension ${pathOf(extension)}`),
  ...schema.types.map((type) => `type ${pathOf(type)}${type.kind === 'enum' ? ` (${type.labels.join(', ')})` : ''}`),
  ...schema.sequences.map((sequence) => `sequence ${pathOf(sequence)}`),
];

const behind = (schema: Schema): readonly string[] => [
  ...schema.views.map((view) => `${view.materialized === true ? 'materialized view' : 'view'} ${pathOf(view)}`),
  ...schema.routines.map((routine) => `${routine.kind} ${pathOf(routine)}(${routine.signature})`),
  ...schema.triggers.map((trigger) => `trigger ${pathOf(trigger.table, trigger.name)}`),
  ...schema.policies.map((policy) => `policy ${pathOf(policy.table, policy.name)}`),
  ...schema.grants.map((grant) => `grant ${grant.privileges.join(', ')} on ${grant.on} to ${grant.grantee}`),
  ...schema.others.map((other) => `${other.kind} ${pathOf(other)}`),
];

/** A state as an outline. */
export const stateText = (schema: Schema, digest: string, paint: Paint): string => {
  const lines = (texts: readonly string[]): readonly string[] =>
    texts.length === 0 ? [] : [`${texts.map(printable).join('\n')}\n`];
  const blocks = [
    ...lines(single(schema)),
    ...schema.tables.map((table) => tableText(table, paint)),
    ...lines(behind(schema)),
  ];
  const objects = count(schema.tables.length, 'table');
  return [...blocks, paint.dim(`${schema.engine}, ${objects}, ${digest}\n`)].join('\n');
};
