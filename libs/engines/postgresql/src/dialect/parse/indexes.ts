import type { IndexElem, IndexStmt, Node } from '@pgsql/types';
import { type Attributes, type Index, type IndexKey, pathOf, type Table } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { writtenClass } from '../opclasses.js';
import { nameParts } from '../type-names.js';
import { indexColumnNames, joinedColumns, relationName } from './auto-names.js';
import { collationText } from '../normalize/collation.js';
import {
  contradict,
  type Draft,
  keyOf,
  missing,
  putTable,
  putView,
  refuse,
  relationExists,
  type Site,
  twice,
} from './draft.js';
import { handDown } from './family.js';
import { fullName } from './marks.js';
import { relationOf } from './names.js';
import { storageOptions } from './options.js';
import { addedAlone } from './partitions.js';

const keyAttributes = (element: IndexElem): { readonly attributes?: Attributes } => {
  const opclass = element.opclass && writtenClass(nameParts(element.opclass));
  const collation = element.collation && collationText(nameParts(element.collation));
  const opclassOptions = storageOptions(element.opclassopts);
  const attributes = {
    ...(opclass ? { opclass } : {}),
    ...(opclassOptions ? { opclassOptions } : {}),
    ...(collation ? { collation } : {}),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

const orderOf = (element: IndexElem): Pick<IndexKey, 'order' | 'nulls'> => {
  const desc = element.ordering === 'SORTBY_DESC';
  const first = element.nulls_ordering === 'SORTBY_NULLS_FIRST';
  const last = element.nulls_ordering === 'SORTBY_NULLS_LAST';
  return {
    ...(desc ? { order: 'desc' as const } : {}),
    ...(first && !desc ? { nulls: 'first' as const } : {}),
    ...(last && desc ? { nulls: 'last' as const } : {}),
  };
};

/** One key of an index. */
export const keyOfElement = (node: Node): readonly IndexKey[] => {
  if (!('IndexElem' in node)) return [];
  const element = node.IndexElem;
  const what = element.expr ? { expression: printTree(element.expr) } : { column: element.name ?? '' };
  return [{ ...what, ...orderOf(element), ...keyAttributes(element) }];
};

const includedColumns = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap((node) => ('IndexElem' in node && node.IndexElem.name ? [node.IndexElem.name] : []));

const indexAttributes = (statement: IndexStmt): { readonly attributes?: Attributes } => {
  const options = storageOptions(statement.options);
  const attributes = {
    ...(statement.unique && statement.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
    ...(options ? { options } : {}),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

const readIndex = (statement: IndexStmt, name: string): Index => {
  const include = includedColumns(statement.indexIncludingParams ?? []);
  const method = statement.accessMethod ?? 'btree';
  return {
    name,
    keys: (statement.indexParams ?? []).flatMap(keyOfElement),
    ...(statement.unique ? { unique: true as const } : {}),
    ...(method === 'btree' ? {} : { method }),
    ...(include.length > 0 ? { include } : {}),
    ...(statement.whereClause ? { predicate: printTree(statement.whereClause) } : {}),
    ...indexAttributes(statement),
  };
};

/** Partitions get their copies at once, unless the index is made for the partitioned table alone. */
const addToTable = (draft: Draft, table: Table, index: Index, only: boolean): void => {
  putTable(draft, { ...table, indexes: [...table.indexes, index] });
  if (!table.partitioning) return;
  if (only) addedAlone(draft, fullName(table), [index.name]);
  else handDown(draft, table);
};

/** CREATE INDEX. */
export const createIndex = (draft: Draft, statement: IndexStmt, site: Site): void => {
  const target = relationOf(statement.relation);
  const table = draft.tables.get(keyOf(target));
  const view = draft.views.get(keyOf(target));
  if (!table && !view) missing('table', target, site);
  const columns = indexColumnNames([...(statement.indexParams ?? []), ...(statement.indexIncludingParams ?? [])]);
  const name = statement.idxname ?? relationName(draft, target, joinedColumns(columns), 'idx', false);
  const full = { namespace: target.namespace, name };
  if (relationExists(draft, full)) {
    if (statement.if_not_exists) return;
    twice(`The relation ${pathOf(full)}`, pathOf(full), site);
  }
  if (statement.tableSpace) refuse('A tablespace is not supported', pathOf(full), site);
  const index = readIndex(statement, name);
  if (table) addToTable(draft, table, index, statement.relation?.inh !== true);
  else if (view?.materialized) putView(draft, { ...view, indexes: [...(view.indexes ?? []), index] });
  else contradict(`The view ${pathOf(target)} cannot have an index.`, pathOf(full), site);
};
