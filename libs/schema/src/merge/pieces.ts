import { allColumns, tableFinder } from '../inheritance.js';
import {
  columnReference,
  provides,
  type Reference,
  relationReference,
  type Standing,
  typeReference,
} from '../reference.js';
import { pathOf, type Schema, type Table } from '../model.js';
import { slots, tableSlots } from '../slot.js';
import type { Place } from './conflict.js';

/** An object or a part of one, as if it were made now: what it provides and needs can be asked. */
export interface Piece {
  readonly place: Place;
  readonly value: unknown;
  readonly standing: Standing;
}

const piece = (noun: string, object: string, value: unknown, standing: Standing): Piece => ({
  place: { noun, object },
  value,
  standing,
});

const bare = (table: Table): Table => {
  const { primaryKey: _, ...rest } = table;
  return { ...rest, columns: [], uniques: [], foreignKeys: [], checks: [], indexes: [] };
};

const inside = (table: Table, name: string): string => pathOf(table, name);

const partsOf = (table: Table): readonly Piece[] => {
  const { primaryKey } = table;
  const of = <Value extends { readonly name: string }>(
    noun: string,
    values: readonly Value[],
    standing: (value: Value, object: string) => Standing,
  ): readonly Piece[] =>
    values.map((value) => piece(noun, inside(table, value.name), value, standing(value, inside(table, value.name))));
  return [
    ...of(tableSlots.column.noun, table.columns, (column, object) => ({ kind: 'add-column', object, table, column })),
    ...of('primary-key', primaryKey ? [primaryKey] : [], (key, object) => ({
      kind: 'add-primary-key',
      object,
      table,
      primaryKey: key,
    })),
    ...of(tableSlots.unique.noun, table.uniques, (unique, object) => ({ kind: 'add-unique', object, table, unique })),
    ...of(tableSlots['foreign-key'].noun, table.foreignKeys, (foreignKey, object) => ({
      kind: 'add-foreign-key',
      object,
      table,
      foreignKey,
    })),
    ...of(tableSlots.check.noun, table.checks, (check, object) => ({ kind: 'add-check', object, table, check })),
    ...of(tableSlots.index.noun, table.indexes, (index, object) => ({ kind: 'create-index', object, table, index })),
  ];
};

/** Everything a state consists of, parts of tables by themselves. O(schema). */
export const piecesOf = (schema: Schema): readonly Piece[] => {
  const at = <Value>(
    slot: {
      readonly noun: string;
      readonly read: (from: Schema) => readonly Value[];
      readonly path: (value: Value) => string;
    },
    standing: (value: Value, object: string) => Standing,
  ): readonly Piece[] =>
    slot.read(schema).map((value) => piece(slot.noun, slot.path(value), value, standing(value, slot.path(value))));
  return [
    ...at(slots.namespace, (namespace, object) => ({ kind: 'create-namespace', object, namespace })),
    ...at(slots.extension, (extension, object) => ({ kind: 'create-extension', object, extension })),
    ...at(slots.type, (type, object) => ({ kind: 'create-type', object, type })),
    ...at(slots.sequence, (sequence, object) => ({ kind: 'create-sequence', object, sequence })),
    ...schema.tables.flatMap((table) => {
      const object = pathOf(table);
      return [
        piece(slots.table.noun, object, table, { kind: 'create-table', object, table: bare(table) }),
        ...partsOf(table),
      ];
    }),
    ...at(slots.routine, (routine, object) => ({ kind: 'create-routine', object, routine })),
    ...at(slots.view, (view, object) => ({ kind: 'create-view', object, view })),
    ...at(slots.trigger, (trigger, object) => ({ kind: 'create-trigger', object, trigger })),
    ...at(slots.policy, (policy, object) => ({ kind: 'create-policy', object, policy })),
    ...at(slots.grant, (grant, object) => ({ kind: 'create-grant', object, grant })),
    ...at(slots.object, (value, object) => ({ kind: 'create-object', object, value })),
  ];
};

/** Who stands behind each reference; several where more than one object answers to it. O(schema). */
export const providersIn = (schema: Schema, pieces: readonly Piece[]): ReadonlyMap<Reference, readonly Piece[]> => {
  const found = new Map<Reference, Piece[]>();
  const add = (reference: Reference, by: Piece): void => {
    const known = found.get(reference);
    if (known === undefined) found.set(reference, [by]);
    else if (!known.includes(by)) known.push(by);
  };
  const find = tableFinder(schema);
  for (const each of pieces) {
    if (each.place.noun !== slots.table.noun) {
      for (const reference of provides(each.standing)) add(reference, each);
      continue;
    }
    const table = each.value as Table;
    add(relationReference(table), each);
    add(typeReference(table), each);
    const own = new Set(table.columns.map(({ name }) => name));
    for (const { name } of allColumns(table, find)) if (!own.has(name)) add(columnReference(table, name), each);
  }
  return found;
};
