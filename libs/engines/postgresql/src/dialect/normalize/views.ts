import { type Schema, type View, pathOf } from '@dsem/schema';
import { printTree, queryTree } from '../grammar.js';
import { defaultNamespace } from '../types.js';
import { catalogueOf } from './catalogue.js';
import { resolveQuery, type Resolved } from './query.js';
import { relationsIn } from './relations.js';
import { normalIndex, ownerOf } from './tables.js';

const bodyText = (view: View): string => (view.body.text.trim() === '' ? view.body.normal : view.body.text);

/** One view in normal form: names resolved, `*` expanded where the columns are known, expressions by the rules. */
const normalView = (view: View, resolved: Resolved): View => {
  const normal = printTree({ SelectStmt: resolved.query });
  const uses = relationsIn(resolved.query).map((name) => pathOf(name));
  const columns = resolved.columns ?? view.columns;
  const owner = ownerOf(view.name, resolved.typed);
  return {
    ...view,
    namespace: view.namespace ?? defaultNamespace,
    body: { text: normal, normal, uses },
    ...(columns ? { columns } : {}),
    ...(view.indexes ? { indexes: view.indexes.map((index) => normalIndex(index, owner)) } : {}),
  };
};

/** Views that read other views come after them, so that `*` can be expanded; a cycle keeps its order. */
const inReadingOrder = (views: readonly View[]): readonly View[] => {
  const byPath = new Map(
    views.map((view) => [pathOf({ ...view, namespace: view.namespace ?? defaultNamespace }), view]),
  );
  const done = new Set<View>();
  const ordered: View[] = [];
  const visit = (view: View): void => {
    if (done.has(view)) return;
    done.add(view);
    for (const name of relationsIn(queryTree(bodyText(view)))) {
      const read = byPath.get(pathOf(name));
      if (read) visit(read);
    }
    ordered.push(view);
  };
  for (const view of views) visit(view);
  return ordered;
};

/** All views in normal form. */
export const normalViews = (schema: Schema): readonly View[] => {
  const catalogue = catalogueOf(schema.tables);
  return inReadingOrder(schema.views).map((view) => {
    const resolved = resolveQuery(queryTree(bodyText(view)), catalogue, view.columns);
    catalogue.add(view, resolved.outputs);
    return normalView(view, resolved);
  });
};
