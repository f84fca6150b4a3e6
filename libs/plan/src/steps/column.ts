import { type ChangeOf, inheritedColumns, tableFinder } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

/** A column of a parent's has to go before a table can have one of its own under the name. */
export const addColumn = (change: ChangeOf<'add-column'>, origin: number, { from }: Recipe): readonly Operation[] => {
  const find = tableFinder(from);
  const standing = find(change.table);
  const isInherited = standing !== undefined && inheritedColumns(standing, find).has(change.column.name);
  return [operation(change, origin, isInherited ? ranks.ownAfterParents : undefined)];
};
