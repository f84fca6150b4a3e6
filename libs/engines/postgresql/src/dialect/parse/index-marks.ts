import type { AlterTableCmd, ClusterStmt } from '@pgsql/types';
import { type Attributes, pathOf, type Table } from '@dsem/schema';
import { indexNames, marksOf } from '../index-marks.js';
import type { Command } from './alter-column.js';
import { contradict, type Draft, keyOf, putTable, refuse, type Site, tableOf } from './draft.js';
import { withoutAttribute } from './marks.js';
import { type Full, relationOf } from './names.js';

const withAttribute = (table: Table, more: Attributes): Table => ({
  ...table,
  attributes: { ...table.attributes, ...more },
});

/** @throws InconsistentDefinition where the table has no such index */
const known = (table: Table, index: string, site: Site): string => {
  const path = pathOf(table, index);
  if (!indexNames(table).includes(index)) contradict(`The index ${path} is not defined.`, path, site);
  return index;
};

const identityOf = (table: Table, { def }: AlterTableCmd, site: Site): Attributes => {
  const { identity_type: letter, name } = def && 'ReplicaIdentityStmt' in def ? def.ReplicaIdentityStmt : {};
  if (letter === 'f') return { replicaIdentity: 'full' };
  if (letter === 'n') return { replicaIdentity: 'nothing' };
  return letter === 'i' ? { replicaIdentity: { index: known(table, name ?? '', site) } } : {};
};

/** ALTER TABLE ... REPLICA IDENTITY. */
export const replicaIdentity: Command = ({ draft, name, site }, command) => {
  const table = tableOf(draft, name, site);
  putTable(draft, withAttribute(withoutAttribute(table, 'replicaIdentity'), identityOf(table, command, site)));
};

const refuseViews = (draft: Draft, name: Full, site: Site): void => {
  if (draft.views.has(keyOf(name))) refuse('Clustering a materialized view is not supported', pathOf(name), site);
};

const cluster = (draft: Draft, name: Full, index: string, site: Site): void => {
  refuseViews(draft, name, site);
  const table = tableOf(draft, name, site);
  putTable(draft, withAttribute(table, { clusterOn: known(table, index, site) }));
};

/** ALTER TABLE ... CLUSTER ON. */
export const clusterOn: Command = ({ draft, name, site }, { name: index = '' }) => cluster(draft, name, index, site);

/** ALTER TABLE ... SET WITHOUT CLUSTER. */
export const dropCluster: Command = ({ draft, name, site }) => {
  refuseViews(draft, name, site);
  putTable(draft, withoutAttribute(tableOf(draft, name, site), 'clusterOn'));
};

/** CLUSTER sorts the rows, and keeps in mind by which index it did. */
export const clusterTable = (draft: Draft, { relation, indexname }: ClusterStmt, site: Site): void => {
  if (relation && indexname !== undefined) cluster(draft, relationOf(relation), indexname, site);
  draft.notes.push({ message: 'skipped CLUSTER', ...site });
};

/** What stood on an index goes with it: without its index the identity of a table is nothing. */
const settled = (table: Table): Table => {
  const names = indexNames(table);
  const { clusterOn: sorted, replicaIdentity: identity } = marksOf(table);
  const kept = sorted === undefined || names.includes(sorted) ? table : withoutAttribute(table, 'clusterOn');
  const isLost = typeof identity === 'object' && !names.includes(identity.index);
  return isLost ? withAttribute(kept, { replicaIdentity: 'nothing' }) : kept;
};

/** Takes away what refers to indexes that are gone. */
export const settleMarks = (draft: Draft): void => {
  for (const table of [...draft.tables.values()]) {
    const made = settled(table);
    if (made !== table) putTable(draft, made);
  }
};
