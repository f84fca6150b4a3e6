import { type ChangeKind, type ObjectName, pathOf } from '@dsem/schema';
import type { Operation, Recipe } from '../operation.js';
import { ranks } from '../rank.js';

type Owner = ObjectName & { readonly column: string };

const ownedColumn = (owner: Owner | undefined): string | undefined =>
  owner === undefined ? undefined : pathOf(owner, owner.column);

/** The column whose own sequence comes or goes with the plan's change at that place. */
const columnOf = ({ changes }: Recipe, origin: number): string | undefined => {
  const change = changes[origin]!;
  return change.kind === 'create-sequence' || change.kind === 'drop-sequence'
    ? ownedColumn(change.sequence.ownedBy)
    : undefined;
};

type Part = NonNullable<Operation['part']>;

/** A sequence gives way to an identity, and an identity to a sequence: both want the same name. */
const parts: { readonly [Kind in ChangeKind]?: Part } = {
  'drop-default': -1,
  'drop-sequence': -1,
  'create-sequence': 0,
  'alter-sequence': 1,
  'set-default': 1,
};

const partOf = ({ rendered }: Operation): Part | undefined => {
  if (rendered.kind === 'alter-sequence' && rendered.to.ownedBy === undefined) return -1;
  if (rendered.kind === 'change-identity') return rendered.to.identity === undefined ? -1 : 0;
  return parts[rendered.kind];
};

/**
 * A column that is numbered by an identity instead of by a sequence of its own, or the other way round, is so in one
 * transaction: no row can come in between without a number. O(operations).
 */
export const withNumbering = (operations: readonly Operation[], recipe: Recipe): readonly Operation[] => {
  const changing = new Set(
    operations.flatMap(({ rendered }) => (rendered.kind === 'change-identity' ? [rendered.object] : [])),
  );
  if (changing.size === 0) return operations;
  const owned = new Set(recipe.changes.flatMap((_, origin) => columnOf(recipe, origin) ?? []));
  return operations.map((one) => {
    const column = columnOf(recipe, one.origin) ?? one.rendered.object;
    const part = partOf(one);
    if (part === undefined || !changing.has(column) || !owned.has(column)) return one;
    return { ...one, together: `numbering of ${column}`, rank: ranks.numbering, part };
  });
};
