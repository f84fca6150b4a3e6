import { type ChangeOf, equal, type Index, type View } from '@dsem/schema';
import { operation, type Operation } from '../operation.js';

const withIndexes = (view: View, indexes: readonly Index[]): View => {
  const { indexes: _, ...rest } = view;
  return indexes.length === 0 ? rest : { ...rest, indexes };
};

const byName = (indexes: readonly Index[]): readonly Index[] =>
  indexes.toSorted((one, other) => (one.name < other.name ? -1 : 1));

const same = (one: Index, other: Index | undefined): boolean => {
  if (other === undefined) return false;
  const { comment: _, ...first } = one;
  const { comment: __, ...second } = other;
  return equal(first, second);
};

/**
 * Indexes of a stored view that keeps its query go and come one by one, so that no step holds the lock of another one
 * while it builds.
 */
export const alterView = (change: ChangeOf<'alter-view'>, origin: number): readonly Operation[] => {
  const { from, to, object } = change;
  const stays = equal(from.body, to.body) && equal(from.columns, to.columns) && from.materialized === to.materialized;
  if (!stays || equal(from.indexes, to.indexes)) return [operation(change, origin)];
  const find = (view: View, name: string): Index | undefined => view.indexes?.find((index) => index.name === name);
  const kept = (from.indexes ?? []).filter((index) => same(index, find(to, index.name)));
  const fresh = (to.indexes ?? []).filter((index) => !same(index, find(from, index.name)));
  const states = [from];
  const move = (change: (indexes: readonly Index[]) => readonly Index[]): void => {
    const last = states.at(-1)!;
    states.push(withIndexes(last, byName(change(last.indexes ?? []))));
  };
  for (const gone of from.indexes ?? []) {
    if (!kept.includes(gone)) move((indexes) => indexes.filter((index) => index !== gone));
  }
  for (const { comment: _, ...index } of fresh) move((indexes) => [...indexes, index]);
  states.push(to);
  return states
    .slice(1)
    .map((next, at) => ({ before: states[at]!, next }))
    .filter(({ before, next }) => !equal(before, next))
    .map(({ before, next }) => operation({ kind: 'alter-view', object, from: before, to: next }, origin));
};
