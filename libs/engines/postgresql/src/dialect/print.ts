import { type Change, pathOf, type Schema, type Sequence, type Table } from '@dsem/schema';
import { render } from './render.js';
import { viewsInOrder } from './view-order.js';

const unowned = ({ ownedBy: _, ...sequence }: Sequence): Sequence => sequence;
const withoutReferences = (table: Table): Table => ({ ...table, foreignKeys: [] });

const creations = (schema: Schema): readonly Change[] => [
  ...schema.namespaces.map((namespace): Change => ({ kind: 'create-namespace', object: namespace.name, namespace })),
  ...schema.extensions.map((extension): Change => ({ kind: 'create-extension', object: extension.name, extension })),
  ...schema.types.map((type): Change => ({ kind: 'create-type', object: pathOf(type), type })),
  ...schema.sequences.map((sequence): Change => ({
    kind: 'create-sequence',
    object: pathOf(sequence),
    sequence: unowned(sequence),
  })),
  ...schema.tables.map((table): Change => ({
    kind: 'create-table',
    object: pathOf(table),
    table: withoutReferences(table),
  })),
  ...schema.sequences
    .filter(({ ownedBy }) => ownedBy !== undefined)
    .map((sequence): Change => {
      const { comment: _, ...to } = sequence;
      const { comment: __, ...from } = unowned(sequence);
      return { kind: 'alter-sequence', object: pathOf(sequence), from, to };
    }),
  ...schema.tables.flatMap((table) =>
    table.foreignKeys.map((foreignKey): Change => ({
      kind: 'add-foreign-key',
      object: pathOf(table, foreignKey.name),
      table,
      foreignKey,
    })),
  ),
  ...viewsInOrder(schema.views).map((view): Change => ({ kind: 'create-view', object: pathOf(view), view })),
  ...[...schema.routines, ...schema.triggers, ...schema.policies, ...schema.grants, ...schema.others].map(
    (value): Change => ({
      kind: 'create-object',
      object: value.name,
      value: { name: value.name, kind: 'unknown', definition: {} },
    }),
  ),
];

/**
 * DDL that builds a state on an empty database, in a workable order.
 * @throws UnsupportedChange naming the object that cannot be printed.
 */
export const print = (schema: Schema): readonly string[] =>
  creations(schema).flatMap((change) =>
    render(change, { state: schema, version: '18', style: 'offline' }).map(({ text }) => text),
  );
