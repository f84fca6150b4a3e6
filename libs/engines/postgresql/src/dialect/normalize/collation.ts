import type { Node } from '@pgsql/types';
import { nameParts } from '../type-names.js';
import type { Owner } from './expression.js';
import { walk } from './tree.js';

/** The collation as the model writes it: `C`, or `schema.name` outside pg_catalog; the default is left out. */
export const collationText = (parts: readonly string[]): string | undefined => {
  const [name, namespace] = [parts.at(-1) ?? '', parts.length > 1 ? parts.at(-2)! : 'pg_catalog'];
  if (namespace !== 'pg_catalog') return `${namespace}.${name}`;
  return name === 'default' ? undefined : name;
};

const textual = /^(text|character|bpchar|"char"|name|citext)/;

/** The collation of an expression of a table, where all that it is made of has one and the same; else undefined. O(nodes). */
export const collationOf = (tree: Node, owner: Owner): string | undefined => {
  const [said, read] = [new Set<string | undefined>(), new Set<string | undefined>()];
  walk(tree, (node) => {
    if ('CollateClause' in node) said.add(collationText(nameParts(node.CollateClause.collname)));
    if (!('ColumnRef' in node)) return;
    const column = owner.columns.get(nameParts(node.ColumnRef.fields).at(-1) ?? '');
    const own = column?.attributes?.['collation'];
    if (typeof own === 'string') read.add(own);
    else if (column === undefined || textual.test(column.type.native)) read.add(undefined);
  });
  const all = said.size > 0 ? said : read;
  return all.size === 1 ? [...all][0] : undefined;
};
