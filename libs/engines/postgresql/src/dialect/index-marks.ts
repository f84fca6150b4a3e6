import { type Change, equal, type Table } from '@dsem/schema';
import type { TableAttributes } from './types.js';

/** What a table says by naming one of its indexes. */
export type Mark = Pick<TableAttributes, 'replicaIdentity' | 'clusterOn'>;

/** By which index subscribers find rows, and by which one rows are sorted. */
export const marksOf = ({ attributes }: Pick<Table, 'attributes'>): Mark => (attributes ?? {}) as Mark;

/** Subscribers find no row, and writers of a published table are refused, while the index of its identity is missing. */
export const reliesOn = (table: Table, index: string): boolean => {
  const { replicaIdentity: identity } = marksOf(table);
  return typeof identity === 'object' && identity.index === index;
};

/** The indexes of a table and those behind its keys. */
export const indexNames = ({ primaryKey, uniques, indexes }: Table): readonly string[] =>
  [...(primaryKey ? [primaryKey] : []), ...uniques, ...indexes].map(({ name }) => name);

/** What a table says of an index once that has another name. */
export const renamedMarks = (table: Table, from: string, to: string): Table => {
  const { clusterOn, replicaIdentity: identity } = marksOf(table);
  const more: Mark = {
    ...(clusterOn === from ? { clusterOn: to } : {}),
    ...(typeof identity === 'object' && identity.index === from ? { replicaIdentity: { index: to } } : {}),
  };
  return Object.keys(more).length === 0 ? table : { ...table, attributes: { ...table.attributes, ...more } };
};

/** A key that gets another name takes along what its table says of it. */
export const follows = (leader: Change, change: Change): boolean =>
  leader.kind === 'alter-primary-key' &&
  change.kind === 'alter-table' &&
  equal(renamedMarks(change.from, leader.from.name, leader.to.name), change.to);
