import { type Change, pathOf } from '@dsem/schema';
import type { Operation } from '../operation.js';
import { rankOf } from '../rank.js';

/** The table whose rows a change opens or closes, and that goes with its policies. */
const guarded = (change: Change): string | undefined => {
  switch (change.kind) {
    case 'create-policy':
    case 'drop-policy':
      return pathOf(change.policy.table);
    case 'alter-policy':
      return pathOf(change.to.table);
    case 'alter-table':
    case 'drop-table':
      return change.object;
    default:
      return undefined;
  }
};

const isPolicy = ({ rendered }: Operation): boolean => rendered.kind.endsWith('-policy');

/**
 * Who sees which rows of a table changes at once: its policies, and whether they count, become one step where the engine
 * allows that, so that no moment in between shows too many rows or none. Policies go in one step with their table.
 */
export const withAccess = (operations: readonly Operation[]): readonly Operation[] => {
  const tables = new Map<string, number[]>();
  operations.forEach(({ rendered, group }, at) => {
    const table = group === undefined ? guarded(rendered) : undefined;
    if (table !== undefined) tables.set(table, [...(tables.get(table) ?? []), at]);
  });
  const made = [...operations];
  let group = operations.length;
  for (const places of tables.values()) {
    const members = places.map((at) => operations[at]!);
    if (members.length < 2 || !members.some(isPolicy)) continue;
    const rank = Math.max(...members.map((one) => one.rank ?? rankOf(one.rendered)));
    const drops = members.some(({ rendered }) => rendered.kind === 'drop-table');
    for (const at of places) {
      const one = operations[at]!;
      made[at] = { ...one, group, rank, ...(drops ? { part: isPolicy(one) ? -1 : 0 } : {}) };
    }
    group += 1;
  }
  return made;
};
