import type { Statement } from '@dsem/engine';
import { equal, type ObjectName, pathOf, type Schema, type Table } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier } from '../identifiers.js';
import { indexNames, type Mark, marksOf } from '../index-marks.js';
import { standingAs } from '../partition-check.js';
import { hazardRules } from '../rules.js';
import type { ReplicaIdentity } from '../types.js';
import { alter } from './alter.js';
import { locks, statement } from './statement.js';

/** Whether the index stands by now: copies of a parent's indexes are no part of a partition's definition. */
const stands = (table: Table, index: string): boolean =>
  table.partitionOf !== undefined || indexNames(table).includes(index);

const identityWords = (identity: ReplicaIdentity | undefined): string => {
  if (identity === undefined) return 'DEFAULT';
  return typeof identity === 'string' ? identity.toUpperCase() : `USING INDEX ${identifier(identity.index)}`;
};

/** Who subscribes to a table that is only being made does not know it. */
const identify = (table: Table, identity: ReplicaIdentity | undefined, isNew: boolean): Statement => {
  const words = identityWords(identity);
  const path = pathOf(table);
  const found = finding(
    hazardRules.replicaIdentity,
    path,
    `Subscribers find the rows of ${path} by REPLICA IDENTITY ${words}.`,
  );
  return statement(alter(table, `REPLICA IDENTITY ${words}`), isNew ? {} : { hazards: [found] });
};

const cluster = (table: ObjectName, index: string | undefined): Statement =>
  statement(alter(table, index === undefined ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${identifier(index)}`), {
    lock: locks.updateExclusive,
  });

interface Sides {
  readonly from: Mark;
  readonly to: Mark;
  readonly isNew?: true;
}

/**
 * From one replica identity and order of rows to another on a table as it stands. What names an index that is not there is
 * set when the index comes.
 */
export const markChanges = (table: Table, { from, to, isNew }: Sides): readonly Statement[] => {
  const { replicaIdentity: identity, clusterOn } = to;
  const isThere = typeof identity !== 'object' || stands(table, identity.index);
  const isSorted = clusterOn === undefined || stands(table, clusterOn);
  return [
    ...(isThere && !equal(from.replicaIdentity, identity) ? [identify(table, identity, isNew === true)] : []),
    ...(isSorted && from.clusterOn !== clusterOn ? [cluster(table, clusterOn)] : []),
  ];
};

/** What the table of a state says of an index that has just been made anew. */
export const marksOn = (name: ObjectName, index: string, state: Schema): readonly Statement[] => {
  const table = standingAs(name, state);
  if (table === undefined) return [];
  const { replicaIdentity: identity, clusterOn } = marksOf(table);
  return [
    ...(typeof identity === 'object' && identity.index === index ? [identify(table, identity, false)] : []),
    ...(clusterOn === index ? [cluster(table, index)] : []),
  ];
};
