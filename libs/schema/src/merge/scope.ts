import { equal } from '../equal.js';
import { type ObjectName, pathOf, type Schema, type Table } from '../model.js';
import { moveColumn, moveTable } from '../rename.js';
import { slots } from '../slot.js';

/** What can be renamed: the tables of a state, or the columns of one of its tables. */
export interface Scope {
  readonly noun: string;
  readonly object: (name: ObjectName) => string;
  readonly find: (schema: Schema, name: ObjectName) => unknown;
  readonly move: (schema: Schema, from: ObjectName, to: ObjectName) => Schema;
  readonly without: (schema: Schema, name: ObjectName) => Schema;
}

const tableOf = (schema: Schema, path: string): Table | undefined =>
  schema.tables.find((table) => pathOf(table) === path);

export const tables: Scope = {
  noun: slots.table.noun,
  object: (name) => pathOf(name),
  find: (schema, name) => tableOf(schema, pathOf(name)),
  move: moveTable,
  without: (schema, name) => ({ ...schema, tables: schema.tables.filter((table) => pathOf(table) !== pathOf(name)) }),
};

/** The columns of a table, which has that name in all states. */
export const columnsOf = (table: ObjectName): Scope => {
  const path = pathOf(table);
  const edited = (one: Table, name: string): Table => ({
    ...one,
    columns: one.columns.filter((column) => column.name !== name),
  });
  return {
    noun: 'column',
    object: ({ name }) => pathOf(table, name),
    find: (schema, { name }) => tableOf(schema, path)?.columns.find((column) => column.name === name),
    move: (schema, from, to) => moveColumn(schema, table, from.name, to.name),
    without: (schema, { name }) => ({
      ...schema,
      tables: schema.tables.map((one) => (pathOf(one) === path ? edited(one, name) : one)),
    }),
  };
};

/** Whether two states hold the same object under a name. */
export const isSame = (scope: Scope, name: ObjectName, one: Schema, other: Schema): boolean =>
  equal(scope.find(one, name), scope.find(other, name));
