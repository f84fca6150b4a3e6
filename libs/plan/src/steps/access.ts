import { type Change, type Grant, pathOf } from '@dsem/schema';
import type { Operation, Recipe } from '../operation.js';
import { rankOf } from '../rank.js';

/** The table a grant stands on, or a column of it; else what it stands on. */
const grantedOn = ({ on }: Grant, tables: ReadonlySet<string>): string => {
  for (let end = on.length; end > 0; end = on.lastIndexOf('.', end - 1)) {
    if (tables.has(on.slice(0, end))) return on.slice(0, end);
  }
  return on;
};

/** What a change opens or closes to others: a table, mostly. */
const guarded = (change: Change, tables: ReadonlySet<string>): string | undefined => {
  switch (change.kind) {
    case 'create-policy':
    case 'drop-policy':
      return pathOf(change.policy.table);
    case 'alter-policy':
      return pathOf(change.to.table);
    case 'create-grant':
    case 'drop-grant':
      return grantedOn(change.grant, tables);
    case 'alter-grant':
      return grantedOn(change.to, tables);
    case 'alter-table':
    case 'drop-table':
      return change.object;
    case 'create-routine':
    case 'drop-routine':
      return `routine ${change.object}`;
    default:
      return undefined;
  }
};

const isPolicy = ({ rendered }: Operation): boolean => rendered.kind.endsWith('-policy');
const isAccess = (one: Operation): boolean => isPolicy(one) || one.rendered.kind.endsWith('-grant');

/** The operations of one object that belong together; an altered table only where policies do, as it may switch them on. */
const members = (places: readonly number[], operations: readonly Operation[]): readonly number[] => {
  const policies = places.some((at) => isPolicy(operations[at]!));
  const kept = places.filter((at) => policies || operations[at]!.rendered.kind !== 'alter-table');
  return kept.length > 1 && kept.some((at) => isAccess(operations[at]!)) ? kept : [];
};

/**
 * Who may do what with an object changes at once: privileges, policies, and whether these count, become one step where
 * the engine allows that, so that no moment in between shows too much or too little. They go in one step with their table.
 */
export const withAccess = (operations: readonly Operation[], { from, to }: Recipe): readonly Operation[] => {
  const known = new Set([...from.tables, ...to.tables].map((table) => pathOf(table)));
  const objects = new Map<string, number[]>();
  operations.forEach(({ rendered, group }, at) => {
    const object = group === undefined ? guarded(rendered, known) : undefined;
    if (object !== undefined) objects.set(object, [...(objects.get(object) ?? []), at]);
  });
  const made = [...operations];
  [...objects.values()].forEach((places, order) => {
    const together = members(places, operations).map((at) => ({ at, one: operations[at]! }));
    const holds = (...kinds: readonly string[]): boolean =>
      together.some(({ one }) => kinds.includes(one.rendered.kind));
    const ranks = together.map(({ one }) => one.rank ?? rankOf(one.rendered));
    const makes = holds('create-routine');
    const around = makes ? 1 : holds('drop-table', 'drop-routine') ? -1 : undefined;
    for (const { at, one } of together) {
      const part = around === undefined ? {} : ({ part: isAccess(one) ? around : 0 } as const);
      made[at] = { ...one, group: operations.length + order, rank: Math[makes ? 'min' : 'max'](...ranks), ...part };
    }
  });
  return made;
};
