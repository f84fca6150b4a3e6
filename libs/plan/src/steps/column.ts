import { type Change, type ChangeOf, inheritedColumns, type ObjectName, pathOf, tableFinder } from '@dsem/schema';
import { operation, type Operation, type Recipe } from '../operation.js';
import { ranks } from '../rank.js';

/** A column of a parent's has to go before a table can have one of its own under the name. */
export const addColumn = (change: ChangeOf<'add-column'>, origin: number, { from }: Recipe): readonly Operation[] => {
  const find = tableFinder(from);
  const standing = find(change.table);
  const isInherited = standing !== undefined && inheritedColumns(standing, find).has(change.column.name);
  return [operation(change, origin, isInherited ? ranks.ownAfterParents : undefined)];
};

/** Whether a table comes under a parent in this plan: it has to look as the parent asks before that. */
export const joinsParent = (table: ObjectName, { changes }: Recipe): boolean =>
  changes.some(
    ({ kind, object }) => (kind === 'inherit-parent' || kind === 'attach-partition') && object === pathOf(table),
  );

/** One change as one operation; a column goes last, but before its table comes under a parent. */
export const plain = (change: Change, origin: number, recipe: Recipe): Operation => {
  const goesEarly = change.kind === 'drop-column' && joinsParent(change.table, recipe);
  return operation(change, origin, goesEarly ? ranks.beforeJoin : undefined);
};
