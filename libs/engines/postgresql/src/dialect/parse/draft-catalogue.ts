import type { Body, View } from '@dsem/schema';
import type { Catalogue, Outputs } from '../normalize/catalogue.js';
import { knownTypes } from '../normalize/known-types.js';
import { plainType } from '../normalize/scope.js';
import { type Draft, keyOf } from './draft.js';

const known = new WeakMap<Body, Outputs>();

/** Keeps the columns and types that were found for a view's query. */
export const rememberOutputs = (body: Body, outputs: Outputs | undefined): void => {
  if (outputs) known.set(body, outputs);
};

/** The body that takes the place of another one with the same columns. */
export const rememberedFrom = (earlier: Body, body: Body): Body => {
  rememberOutputs(body, known.get(earlier));
  return body;
};

const outputsOf = (view: View): Outputs | undefined => {
  const found = known.get(view.body);
  return view.columns?.map((name, at) => [name, found?.[at]?.[1]] as const);
};

/** What queries may read while statements are added up: the tables and views of that moment. */
export const draftCatalogue = (draft: Draft): Catalogue => ({
  columnsOf: (name) => {
    const table = draft.tables.get(keyOf(name));
    if (table) return table.columns.map((column) => [column.name, plainType(column.type.native)] as const);
    const view = draft.views.get(keyOf(name));
    return view && outputsOf(view);
  },
  add: () => undefined,
  readsAs: knownTypes([...draft.types.values()]).readsAs,
});
