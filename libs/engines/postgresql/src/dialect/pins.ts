import type { Pin, RenderContext } from '@dsem/engine';
import {
  type Change,
  type ChangeOf,
  type Column,
  columnReference,
  descendantsOf,
  type ObjectName,
  objectReference,
  relationReference,
  routineReference,
  typeReference,
  type View,
} from '@dsem/schema';
import { recomputed } from './recomputed.js';
import { isReplaced } from './replaced.js';
import { isReplaceableRoutine, routineChanges } from './render/routines.js';
import { isReplaceable, keepsQuery } from './render/views.js';

const retyped = (from: Column, to: Column): boolean =>
  from.type.native !== to.type.native || from.attributes?.['collation'] !== to.attributes?.['collation'];

const replacedView = (from: View, to: View, { state }: RenderContext): readonly Pin[] => {
  if (keepsQuery(from, to) || isReplaceable(from, to, state)) return [];
  return [relationReference(from), typeReference(from)].map((reference) => ({ reference, replaced: true }));
};

/** The column of the table and of every table below, which changes along. */
const columnPins = (table: ObjectName, column: string, { state }: RenderContext): readonly Pin[] =>
  [table, ...descendantsOf(state, table)].map((one) => ({ reference: columnReference(one, column), replaced: false }));

/** What cannot change gives way to a new object. */
const replacedObject = ({ from, to }: ChangeOf<'alter-object'>): readonly Pin[] =>
  isReplaced(from, to) ? [{ reference: objectReference(from.kind, from), replaced: true }] : [];

/**
 * What a change pins: the server refuses to change the type of a column that a view, a rule, a policy, a trigger or a
 * generated column names, and to drop what others name. O(change).
 */
export const pins = (change: Change, context: RenderContext): readonly Pin[] => {
  switch (change.kind) {
    case 'change-column-type':
    case 'alter-column':
      return retyped(change.from, change.to) ? columnPins(change.table, change.from.name, context) : [];
    case 'change-generated':
      return recomputed(change.from, change.to, context.version)
        ? columnPins(change.table, change.from.name, context).map((pin) => ({ ...pin, replaced: true }))
        : [];
    case 'rename-column':
      return columnPins(change.table, change.from, context);
    case 'rename-table':
      return [{ reference: relationReference(change.from), replaced: false }];
    case 'alter-routine':
      return routineChanges(change.from, change.to) && !isReplaceableRoutine(change.from, change.to)
        ? [{ reference: routineReference(change.from), replaced: true }]
        : [];
    case 'alter-view':
      return replacedView(change.from, change.to, context);
    case 'alter-object':
      return replacedObject(change);
    default:
      return [];
  }
};
