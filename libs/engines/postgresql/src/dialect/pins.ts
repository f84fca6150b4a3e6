import type { Pin, RenderContext } from '@dsem/engine';
import {
  type Change,
  type Column,
  columnReference,
  equal,
  relationReference,
  typeReference,
  type View,
} from '@dsem/schema';
import { isReplaceable } from './render/views.js';

const retyped = (from: Column, to: Column): boolean =>
  from.type.native !== to.type.native || from.attributes?.['collation'] !== to.attributes?.['collation'];

const replacedView = (from: View, to: View, { state }: RenderContext): readonly Pin[] => {
  const { comment: _, ...before } = from;
  const { comment: __, ...after } = to;
  if (equal(before, after) || isReplaceable(from, to, state)) return [];
  return [relationReference(from), typeReference(from)].map((reference) => ({ reference, replaced: true }));
};

/**
 * What a change pins: the server refuses to change the type of a column that a view, a rule, a policy, a trigger or a
 * generated column names, and to drop what others name. O(change).
 */
export const pins = (change: Change, context: RenderContext): readonly Pin[] => {
  switch (change.kind) {
    case 'change-column-type':
    case 'alter-column':
      return retyped(change.from, change.to)
        ? [{ reference: columnReference(change.table, change.from.name), replaced: false }]
        : [];
    case 'rename-column':
      return [{ reference: columnReference(change.table, change.from), replaced: false }];
    case 'rename-table':
      return [{ reference: relationReference(change.from), replaced: false }];
    case 'alter-view':
      return replacedView(change.from, change.to, context);
    default:
      return [];
  }
};
