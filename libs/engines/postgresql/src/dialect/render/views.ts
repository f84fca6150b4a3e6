import type { RenderContext, Statement } from '@dsem/engine';
import { equal, type Finding, type Schema, type View } from '@dsem/schema';
import { queryTree } from '../grammar.js';
import { finding } from '../hazards.js';
import { identifiers, qualified } from '../identifiers.js';
import { catalogueOf, type Outputs } from '../normalize/catalogue.js';
import { resolveQuery } from '../normalize/query.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { createIndex, optionsText } from './indexes.js';
import { locks, type Renderers, statement } from './statement.js';

/** How SQL calls the kind of view. */
export const viewWord = (view: View): string => (view.materialized ? 'MATERIALIZED VIEW' : 'VIEW');

const viewText = (view: View, create: string): string => {
  const columns = view.columns === undefined ? '' : ` (${identifiers(view.columns)})`;
  const options = optionsText(view.attributes?.options);
  return `${create} ${viewWord(view)} ${qualified(view)}${columns}${options === undefined ? '' : ` WITH (${options})`} AS ${view.body.normal}`;
};

/** CREATE VIEW with its indexes and comment. */
export const createView = (view: View, state: Schema): readonly Statement[] => [
  statement(viewText(view, 'CREATE'), view.materialized ? { lock: locks.none, cost: 'build' } : { lock: locks.none }),
  ...(view.indexes ?? []).flatMap((index) => createIndex(view, index, state, false, true)),
  ...commentOn(`${viewWord(view)} ${qualified(view)}`, view.comment),
];

const outputs = (view: View, state: Schema): Outputs | undefined =>
  resolveQuery(queryTree(view.body.normal), catalogueOf(state.tables), view.columns).outputs;

/** Whether CREATE OR REPLACE will do: it may only append columns; names and types of the others must stay. */
export const isReplaceable = (from: View, to: View, state: Schema): boolean => {
  if (from.materialized || to.materialized) return false;
  const [earlier, later] = [outputs(from, state), outputs(to, state)];
  if (!earlier || !later) return false;
  return earlier.every(([name, type], at) => type !== undefined && later[at]?.[0] === name && later[at]?.[1] === type);
};

const withoutComment = ({ comment: _, ...rest }: View): View => rest;

const changed = (from: View, to: View, object: string, { state }: RenderContext): readonly Statement[] => {
  const hazards: readonly Finding[] = [finding(hazardRules.replaceView, object, `The view ${object} changes.`)];
  if (isReplaceable(from, to, state)) {
    return [
      statement(viewText(to, 'CREATE OR REPLACE'), { hazards }),
      ...commentOn(`${viewWord(to)} ${qualified(to)}`, to.comment, from.comment),
    ];
  }
  return [statement(`DROP ${viewWord(from)} ${qualified(from)}`, { hazards }), ...createView(to, state)];
};

/** Views, plain and materialized. */
export const viewRenderers: Renderers<'create-view' | 'drop-view' | 'alter-view'> = {
  'create-view': ({ view }, { state }) => createView(view, state),
  'drop-view': ({ view, object }) => [
    statement(`DROP ${viewWord(view)} ${qualified(view)}`, {
      hazards: [finding(hazardRules.dropView, object, `The view ${object} is dropped.`)],
    }),
  ],
  'alter-view': ({ from, to, object }, context) =>
    equal(withoutComment(from), withoutComment(to))
      ? commentOn(`${viewWord(to)} ${qualified(to)}`, to.comment, from.comment)
      : changed(from, to, object, context),
};
