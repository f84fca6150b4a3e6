import { type ChangeOf, pathOf, type Table } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

const bare = (table: Table): Table => ({ ...table, foreignKeys: [] });

/** Foreign keys come after all tables, so that tables may refer to each other. */
export const createTable = (change: ChangeOf<'create-table'>, origin: number): readonly Operation[] => [
  operation({ ...change, table: bare(change.table) }, origin),
  ...change.table.foreignKeys.map((foreignKey) =>
    operation(
      {
        kind: 'add-foreign-key',
        object: pathOf(change.table, foreignKey.name),
        table: nameOf(change.table),
        foreignKey,
      },
      origin,
    ),
  ),
];

/** Foreign keys go first, each in a step of its own, because it locks two tables. */
export const dropTable = (change: ChangeOf<'drop-table'>, origin: number, recipe: Recipe): readonly Operation[] => [
  ...change.table.foreignKeys.map((foreignKey) =>
    operation(
      {
        kind: 'drop-foreign-key',
        object: pathOf(change.table, foreignKey.name),
        table: nameOf(change.table),
        foreignKey,
      },
      origin,
    ),
  ),
  operation({ ...change, table: bare(change.table) }, origin, isTaken(change, recipe) ? ranks.freeName : undefined),
];

/** A view takes the table's name. */
const isTaken = (change: ChangeOf<'drop-table'>, { changes }: Recipe): boolean =>
  changes.some(({ kind, object }) => kind === 'create-view' && object === change.object);

const nameOf = ({ namespace, name }: Table) => (namespace === undefined ? { name } : { namespace, name });
