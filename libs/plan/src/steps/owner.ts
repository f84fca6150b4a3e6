import { type Change, isOwnership } from '@dsem/schema';
import type { Operation } from '../operation.js';

/** What a drop takes away, as ownerships name it. */
const dropped = ({ kind, object }: Change): string | undefined => {
  switch (kind) {
    case 'drop-table':
    case 'drop-view':
    case 'drop-object':
      return object;
    case 'drop-sequence':
    case 'drop-type':
    case 'drop-routine':
      return `${kind.replace('drop-', '')} ${object}`;
    case 'drop-namespace':
      return `schema ${object}`;
    default:
      return undefined;
  }
};

const ownedBy = ({ rendered }: Operation): string | undefined =>
  rendered.kind === 'drop-grant' && isOwnership(rendered.grant) ? rendered.grant.on : undefined;

/**
 * Who owned what is dropped goes along with it, and is said again when it comes back. O(operations).
 */
export const withOwners = (operations: readonly Operation[]): readonly Operation[] => {
  const owners = new Map(
    operations.flatMap((one) => {
      const on = ownedBy(one);
      return on === undefined ? [] : [[on, one] as const];
    }),
  );
  if (owners.size === 0) return operations;
  const taken = new Set<Operation>();
  const made = operations.map((one) => {
    const owner = owners.get(dropped(one.rendered) ?? '');
    if (owner === undefined) return one;
    taken.add(owner);
    const carried = [...(one.carried ?? []), [owner.origin, owner.rendered] as const];
    return { ...one, changes: [owner.rendered, ...one.changes], carried, along: owner.rendered };
  });
  return made.filter((_, at) => !taken.has(operations[at]!));
};
