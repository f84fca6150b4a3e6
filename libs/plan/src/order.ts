import type { Change, Column, View } from '@dsem/schema';
import { inDependencyOrder } from './graph.js';
import type { Operation } from './operation.js';
import { rankOf } from './rank.js';

const viewOf = (change: Change): View | undefined => {
  if (change.kind === 'create-view' || change.kind === 'drop-view') return change.view;
  return change.kind === 'alter-view' ? change.to : undefined;
};

const viewsSorted = (operations: readonly Operation[]): readonly Operation[] =>
  inDependencyOrder(
    operations,
    ({ rendered }) => (viewOf(rendered) ? rendered.object : `${rendered.kind} ${rendered.object}`),
    ({ rendered }) => viewOf(rendered)?.body.uses ?? [],
  );

const computed = (change: Change): Column | undefined =>
  change.kind === 'drop-column' && change.column.generated ? change.column : undefined;

const rankWithin = ({ rendered, rank }: Operation): number => {
  const base = rank ?? rankOf(rendered);
  return computed(rendered) ? base - 0.5 : base;
};

/** The operations in the order of phases; inside a phase what is needed comes first, and names decide the rest. O(n log n). */
export const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const ranked = operations.map((operation, at) => ({ operation, at, rank: rankWithin(operation) }));
  ranked.sort((one, other) => one.rank - other.rank || one.at - other.at);
  const sorted = ranked.map(({ operation }) => operation);
  const drops = sorted.filter(({ rendered }) => rendered.kind === 'drop-view');
  const creates = sorted.filter(({ rendered }) => rendered.kind === 'create-view' || rendered.kind === 'alter-view');
  const views = [...viewsSorted(drops).toReversed(), ...viewsSorted(creates)];
  const isView = new Set(views);
  let next = 0;
  return sorted.map((operation) => (isView.has(operation) ? views[next++]! : operation));
};
