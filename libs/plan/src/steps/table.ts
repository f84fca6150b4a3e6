import { apartFromCallers, type ChangeOf, nameOf, parentsOf, pathOf, type Table } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';
import { createPartition, dropPartition } from './partition.js';

const bare = (table: Table): Table => ({ ...table, foreignKeys: [] });

/** A child of a table that stands already is made once that has the columns it hands on, and locks it. */
const asChild = (table: Table, recipe: Recipe): Pick<Operation, 'rank' | 'quiet'> =>
  parentsOf(table).every(recipe.isNew) ? {} : { rank: ranks.createChild, quiet: false };

/** Foreign keys come after all tables, so that tables may refer to each other. */
export const createTable = (change: ChangeOf<'create-table'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const partition = createPartition(change, origin, recipe);
  const { table, checks, indexes } = apartFromCallers(partition?.table ?? change.table, recipe.to, recipe.dialect.uses);
  const part = (name: string) => ({ object: pathOf(table, name), table: nameOf(table) });
  return [
    { ...operation({ ...change, table: bare(table) }, origin), ...asChild(table, recipe) },
    ...checks.map((check) => operation({ kind: 'add-check', ...part(check.name), check }, origin)),
    ...indexes.map((index) => operation({ kind: 'create-index', ...part(index.name), index }, origin)),
    ...table.foreignKeys.map((foreignKey) =>
      operation(
        { kind: 'add-foreign-key', object: pathOf(table, foreignKey.name), table: nameOf(table), foreignKey },
        origin,
      ),
    ),
    ...(partition?.attach ?? []),
  ];
};

/** Foreign keys go first, each in a step of its own, because it locks two tables. */
export const dropTable = (change: ChangeOf<'drop-table'>, origin: number, recipe: Recipe): readonly Operation[] => {
  const partition = dropPartition(change, origin, recipe);
  const { table, checks, indexes } = apartFromCallers(
    partition?.table ?? change.table,
    recipe.from,
    recipe.dialect.uses,
  );
  const part = (name: string) => ({ object: pathOf(table, name), table: nameOf(table) });
  return [
    ...(partition?.detach ?? []),
    ...checks.map((check) => operation({ kind: 'drop-check', ...part(check.name), check }, origin)),
    ...indexes.map((index) => operation({ kind: 'drop-index', ...part(index.name), index }, origin)),
    ...table.foreignKeys.map((foreignKey) =>
      operation(
        { kind: 'drop-foreign-key', object: pathOf(table, foreignKey.name), table: nameOf(table), foreignKey },
        origin,
      ),
    ),
    operation({ ...change, table: bare(table) }, origin, isTaken(change, recipe) ? ranks.freeName : undefined),
  ];
};

/** A view takes the table's name. */
const isTaken = (change: ChangeOf<'drop-table'>, { changes }: Recipe): boolean =>
  changes.some(({ kind, object }) => kind === 'create-view' && object === change.object);
