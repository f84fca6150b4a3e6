import { allColumns, type Table, tableFinder, type View } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import type { KnownTypes } from './known-types.js';
import type { RelationName } from './relations.js';
import { type Columns, plainType } from './scope.js';

/** Output columns in order; a type is undefined where only the server knows it. */
export type Outputs = readonly (readonly [name: string, type: string | undefined])[];

/** What queries may read: tables, and views as they become known. */
export interface Catalogue {
  readonly columnsOf: (name: RelationName) => Outputs | undefined;
  readonly add: (view: View, columns: Outputs | undefined) => void;
  readonly readsAs: KnownTypes['readsAs'];
}

const keyOf = (namespace: string | undefined, name: string): string =>
  JSON.stringify([namespace ?? defaultNamespace, name]);

/** A catalogue of tables. */
export const catalogueOf = (tables: readonly Table[], { readsAs }: KnownTypes): Catalogue => {
  const find = tableFinder({ tables });
  const known = new Map<string, Outputs>(
    tables.map((table) => [
      keyOf(table.namespace, table.name),
      allColumns(table, find).map((column) => [column.name, plainType(column.type.native)] as const),
    ]),
  );
  return {
    readsAs,
    columnsOf: ({ namespace, name }) => known.get(keyOf(namespace, name)),
    add: (view, columns) => {
      if (columns) known.set(keyOf(view.namespace, view.name), columns);
    },
  };
};

/** The same columns by name. */
export const byName = (outputs: Outputs): Columns => new Map(outputs);
