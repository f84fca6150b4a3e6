import type { DiffAnswers } from './ask.js';
import type { Change } from './change.js';
import { equal } from './equal.js';
import { type ObjectName, pathOf, type Schema, type Table } from './model.js';

/** The two states a table is compared in. */
interface States {
  readonly from: Schema;
  readonly to: Schema;
  readonly ask: DiffAnswers;
}

/** A table that leaves parents first and joins others last; in between it is compared as it then stands. */
export interface ParentChanges {
  readonly left: readonly Change[];
  readonly joined: readonly Change[];
  readonly apart: Table;
  readonly toJoin: Table;
}

const without = (names: readonly ObjectName[] = [], others: readonly ObjectName[] = []): readonly ObjectName[] => {
  const known = new Set(others.map((name) => pathOf(name)));
  return names.filter((name) => !known.has(pathOf(name)));
};

type Leaving = Pick<Table, 'partitionOf' | 'inherits'>;

const leftBy = (from: Leaving, to: Leaving): readonly ObjectName[] => [
  ...(from.partitionOf === undefined || equal(from.partitionOf, to.partitionOf) ? [] : [from.partitionOf]),
  ...without(from.inherits, to.inherits),
];

const alone = (table: Table, parents: readonly ObjectName[], state: Schema, ask: DiffAnswers): Table =>
  parents.length === 0 || ask.withoutParents === undefined ? table : ask.withoutParents(table, parents, state);

const leaving = (object: string, from: Table, to: Table): readonly Change[] => {
  if (from === to) return [];
  return [{ kind: from.partitionOf === undefined ? 'leave-parent' : 'detach-partition', object, from, to }];
};

const joining = (object: string, from: Table, to: Table): readonly Change[] => {
  if (from === to) return [];
  return [{ kind: to.partitionOf === undefined ? 'inherit-parent' : 'attach-partition', object, from, to }];
};

/** How a table moves from one set of parents to another. */
export const diffParents = (object: string, from: Table, to: Table, { ask, ...states }: States): ParentChanges => {
  const apart = alone(from, leftBy(from, to), states.from, ask);
  const toJoin = alone(to, leftBy(to, from), states.to, ask);
  return { left: leaving(object, from, apart), joined: joining(object, toJoin, to), apart, toJoin };
};
