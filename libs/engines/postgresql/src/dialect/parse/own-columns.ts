import type { Node } from '@pgsql/types';
import { expressionTree, printTree } from '../grammar.js';
import { rewrite, stringNodes } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';

/** An expression is about one table, so that its columns need no table's name, which may change. */
export const ofOwnColumns = (expression: Node): string =>
  printTree(
    rewrite(expression, (node) =>
      'ColumnRef' in node
        ? { ColumnRef: { ...node.ColumnRef, fields: stringNodes(nameParts(node.ColumnRef.fields).slice(-1)) } }
        : node,
    ),
  );

/** The same after a column got a new name. */
export const withColumnAs = (text: string, from: string, to: string): string =>
  printTree(
    rewrite(expressionTree(text), (node) => {
      const parts = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields) : [];
      if (!('ColumnRef' in node) || parts.at(-1) !== from) return node;
      return { ColumnRef: { ...node.ColumnRef, fields: stringNodes([...parts.slice(0, -1), to]) } };
    }),
  );
