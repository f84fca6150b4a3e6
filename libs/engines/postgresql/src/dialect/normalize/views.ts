import { type Attributes, type Schema, type View, pathOf } from '@dsem/schema';
import { printTree, queryTree } from '../grammar.js';
import { defaultNamespace } from '../types.js';
import type { ViewAttributes } from '../types.js';
import { type Catalogue, catalogueOf } from './catalogue.js';
import { asRead } from './columns.js';
import { normalDefault, normalExpression, type Owner } from './expression.js';
import { type KnownTypes, knownTypes } from './known-types.js';
import { truthOf } from './literals.js';
import { resolveQuery, type Resolved } from './query.js';
import { relationsIn } from './relations.js';
import { normalIndex, ownerOf } from './tables.js';

type Texts = { readonly [name: string]: string };

const bodyText = (view: View): string => (view.body.text.trim() === '' ? view.body.normal : view.body.text);

const truths = new Set(['security_barrier', 'security_invoker']);

/** An option that says what is so anyway is left out. */
const normalOptions = (options: Texts): Texts =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, text]) => {
      const value = truths.has(name) ? String(truthOf(text) ?? text) : text;
      return truths.has(name) && value === 'false' ? [] : [[name, value]];
    }),
  );

const normalDefaults = (defaults: Texts, owner: Owner): Texts =>
  Object.fromEntries(
    Object.entries(defaults).flatMap(([name, text]) => {
      const column = owner.columns.get(name);
      const value = column ? normalDefault(text, column, owner) : normalExpression(text, owner);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const normalAttributes = (view: View, owner: Owner): Attributes | undefined => {
  const { options = {}, columnDefaults = {}, columnComments = {}, ...rest } = (view.attributes ?? {}) as ViewAttributes;
  const made = {
    options: normalOptions(options),
    columnDefaults: normalDefaults(columnDefaults, owner),
    columnComments,
  };
  const kept = Object.entries(made).filter(([, values]) => Object.keys(values).length > 0);
  return view.attributes === undefined ? undefined : { ...rest, ...Object.fromEntries(kept) };
};

/** One view in normal form: names resolved, `*` expanded where the columns are known, expressions by the rules. */
const normalView = (view: View, resolved: Resolved, known: KnownTypes): View => {
  const normal = printTree({ SelectStmt: resolved.query });
  const uses = relationsIn(resolved.query).map((name) => pathOf(name));
  const columns = resolved.columns ?? view.columns;
  const owner = ownerOf(
    view.name,
    resolved.typed.map((column) => asRead(column, known)),
  );
  const attributes = normalAttributes(view, owner);
  return {
    ...view,
    namespace: view.namespace ?? defaultNamespace,
    body: { text: normal, normal, uses },
    ...(columns ? { columns } : {}),
    ...(attributes ? { attributes } : {}),
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

const catalogues = new WeakMap<Schema, Catalogue>();

/** What queries may read in a state: its tables, and its views as far as their columns can be told. O(state) once. */
export const catalogueOfState = (state: Schema): Catalogue => {
  const known = catalogues.get(state);
  if (known !== undefined) return known;
  const catalogue = catalogueOf(state.tables, knownTypes(state.types));
  for (const view of inReadingOrder(state.views)) {
    catalogue.add(view, resolveQuery(queryTree(bodyText(view)), catalogue, view.columns).outputs);
  }
  catalogues.set(state, catalogue);
  return catalogue;
};

/** All views in normal form, and what code may read: the tables, and the views as they have become known. */
export const normalViews = (
  schema: Schema,
  known: KnownTypes,
): { readonly views: readonly View[]; readonly catalogue: Catalogue } => {
  const catalogue = catalogueOf(schema.tables, known);
  const views = inReadingOrder(schema.views).map((view) => {
    const resolved = resolveQuery(queryTree(bodyText(view)), catalogue, view.columns);
    catalogue.add(view, resolved.outputs);
    return normalView(view, resolved, known);
  });
  return { views, catalogue };
};
