import type { IndexElem, IndexStmt, Node } from '@pgsql/types';
import { printTree } from '../../grammar.js';
import type { Act } from '../acts.js';
import { type Reader, relation } from './reader.js';

const elements = (nodes: readonly Node[] | undefined): readonly IndexElem[] =>
  (nodes ?? []).flatMap((node) => ('IndexElem' in node ? [node.IndexElem] : []));

const spelled = (node: Node): string => {
  if (!('IndexElem' in node)) return '';
  const { ordering, nulls_ordering, opclass, collation, expr } = node.IndexElem;
  const plain = ordering === 'SORTBY_DEFAULT' && nulls_ordering === 'SORTBY_NULLS_DEFAULT';
  if (plain && !opclass && !collation && !expr) return '';
  return JSON.stringify([ordering, nulls_ordering, opclass, collation, expr ? printTree(expr) : '']);
};

/** CREATE INDEX. */
export const createIndex = (reader: Reader, statement: IndexStmt): readonly Act[] => {
  const method = statement.accessMethod ?? 'btree';
  const where = statement.whereClause ? printTree(statement.whereClause) : '';
  const distinct = [method, ...(statement.indexParams ?? []).map(spelled), where].join('|');
  return [
    {
      kind: 'create-index',
      table: relation(reader, statement.relation),
      ...(statement.idxname === undefined ? {} : { name: statement.idxname }),
      unique: statement.unique ?? false,
      concurrently: statement.concurrent ?? false,
      only: statement.relation?.inh !== true,
      ifNotExists: statement.if_not_exists ?? false,
      method,
      keys: elements(statement.indexParams).map(({ name }) => name),
      includes: elements(statement.indexIncludingParams).flatMap(({ name }) => name ?? []),
      distinct,
      partial: where !== '',
      nullsNotDistinct: statement.nulls_not_distinct ?? false,
    },
  ];
};
