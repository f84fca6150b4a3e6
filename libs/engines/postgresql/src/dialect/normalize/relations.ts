import { defaultNamespace } from '../types.js';
import { walk } from './tree.js';

/** A relation's full name. */
export interface RelationName {
  readonly namespace: string;
  readonly name: string;
}

/** The tables and views a query reads, without the names of its own WITH clauses; each once. O(nodes). */
export const relationsIn = (tree: unknown): readonly RelationName[] => {
  const found = new Map<string, RelationName>();
  const local = new Set<string>();
  walk(tree, (node) => {
    if ('CommonTableExpr' in node) local.add(node.CommonTableExpr.ctename ?? '');
  });
  walk({ SelectStmt: tree }, (node) => {
    if (!('RangeVar' in node)) return;
    const { schemaname, relname = '' } = node.RangeVar;
    if (schemaname === undefined && local.has(relname)) return;
    const namespace = schemaname ?? defaultNamespace;
    found.set(JSON.stringify([namespace, relname]), { namespace, name: relname });
  });
  return [...found.values()];
};
