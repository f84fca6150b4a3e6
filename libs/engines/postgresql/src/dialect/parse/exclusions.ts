import type { Constraint, Node } from '@pgsql/types';
import { type Index, type IndexKey, pathOf, type Table } from '@dsem/schema';
import { operatorName } from '../exclusion.js';
import { printTree } from '../grammar.js';
import { nameParts } from '../type-names.js';
import { indexColumnNames, joinedColumns, relationName } from './auto-names.js';
import { contradict, type Draft, putTable, type Site } from './draft.js';
import { keyOfElement } from './indexes.js';
import { storageOptions } from './options.js';

/** The key and the operator of one element. */
const elementOf = (node: Node): { readonly key: Node; readonly operator: string } => {
  const [key, operator] = 'List' in node ? (node.List.items ?? []) : [];
  const parts = operator && 'List' in operator ? operator.List.items : [];
  return { key: key ?? {}, operator: operatorName(nameParts(parts)) } as { key: Node; operator: string };
};

const excludedKey = ({ key, operator }: ReturnType<typeof elementOf>): readonly IndexKey[] =>
  keyOfElement(key).map((one) => ({ ...one, attributes: { ...one.attributes, operator } }));

const attributesOf = (node: Constraint): Index['attributes'] => {
  const options = storageOptions(node.options);
  return {
    exclusion: true,
    ...(node.deferrable ? { deferrable: true } : {}),
    ...(node.initdeferred ? { initiallyDeferred: true } : {}),
    ...(options ? { options } : {}),
  };
};

/** EXCLUDE, the index of which is all there is of it. */
export const addExclusion = (draft: Draft, table: Table, node: Constraint, site: Site): void => {
  const elements = (node.exclusions ?? []).map(elementOf);
  const include = nameParts(node.including);
  for (const column of include) {
    const path = pathOf(table, column);
    if (!table.columns.some(({ name }) => name === column))
      contradict(`The column ${path} is not defined.`, path, site);
  }
  const included = include.map((name): Node => ({ IndexElem: { name } }));
  const columns = indexColumnNames([...elements.map(({ key }) => key), ...included]);
  const method = node.access_method ?? 'btree';
  const index: Index = {
    name: node.conname ?? relationName(draft, table, joinedColumns(columns), 'excl', true),
    keys: elements.flatMap(excludedKey),
    ...(method === 'btree' ? {} : { method }),
    ...(include.length > 0 ? { include } : {}),
    ...(node.where_clause ? { predicate: printTree(node.where_clause) } : {}),
    attributes: attributesOf(node)!,
  };
  putTable(draft, { ...table, indexes: [...table.indexes, index] });
};
