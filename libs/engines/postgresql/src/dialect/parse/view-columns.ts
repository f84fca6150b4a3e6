import { type ObjectName, pathOf, type View } from '@dsem/schema';
import { queryTree } from '../grammar.js';
import { stringNodes } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { contradict, type Draft, keyOf, missing, putView, readersOf, refuse, type Site } from './draft.js';
import { rememberedFrom } from './draft-catalogue.js';
import type { Full } from './names.js';
import { moveGrantsOn } from './grants-follow.js';
import { renameInPolicies } from './policies.js';
import { visitRelation } from './query-scopes.js';
import { bodyOf } from './views.js';

const fullOf = (name: ObjectName): Full => ({ namespace: name.namespace ?? '', name: name.name });

/** The views whose queries name a column of a table or view. */
export const columnReaders = (draft: Draft, relation: Full, column: string): readonly View[] =>
  readersOf(draft, relation).filter((view) => {
    let found = false;
    visitRelation(queryTree(view.body.text), relation, {
      reference: (_, name) => {
        found ||= name === column;
      },
      merge: (join) => {
        found ||= nameParts(join.usingClause).includes(column);
      },
    });
    return found;
  });

/** Queries follow a renamed column; their own columns keep their names, as on the server. */
export const renameInViews = (draft: Draft, relation: Full, from: string, to: string, site: Site): void => {
  for (const view of readersOf(draft, relation)) {
    const query = queryTree(view.body.text);
    visitRelation(query, relation, {
      reference: (reference, column) => {
        if (column === from) reference.fields = [...(reference.fields ?? []).slice(0, -1), ...stringNodes([to])];
      },
      merge: (join) => {
        if (join.isNatural || nameParts(join.usingClause).includes(from))
          refuse('Renaming a column that a view joins by name is not supported', pathOf(view), site);
      },
    });
    putView(draft, { ...view, body: rememberedFrom(view.body, bodyOf(query)) });
  }
};

const renamedTexts = (view: View, from: string, to: string): View =>
  (['columnComments', 'columnDefaults'] as const).reduce((all, what) => {
    const text = (all.attributes?.[what] as { readonly [name: string]: string } | undefined)?.[from];
    return text === undefined ? all : withViewColumn(withViewColumn(all, what, from, undefined), what, to, text);
  }, view);

/** ALTER VIEW ... RENAME COLUMN. */
export const renameViewColumn = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const view = draft.views.get(keyOf(name)) ?? missing('view', name, site);
  const path = pathOf(name, from);
  if (!view.columns?.includes(from)) contradict(`The column ${path} is not defined.`, path, site);
  const columns = view.columns!.map((column) => (column === from ? to : column));
  putView(draft, renamedTexts({ ...view, columns }, from, to));
  renameInViews(draft, fullOf(name), from, to, site);
  renameInPolicies(draft, fullOf(name), from, to);
  moveGrantsOn(draft, path, pathOf(name, to));
};

/** What stands on a column of a view beside its query: a comment, or a default for who writes through it. */
export const withViewColumn = (
  view: View,
  what: 'columnComments' | 'columnDefaults',
  column: string,
  text: string | undefined,
): View => {
  const { [what]: held, ...rest } = view.attributes ?? {};
  const { [column]: _, ...others } = (held ?? {}) as { readonly [name: string]: string };
  const texts = text === undefined ? others : { ...others, [column]: text };
  return { ...view, attributes: { ...rest, ...(Object.keys(texts).length === 0 ? {} : { [what]: texts }) } };
};
