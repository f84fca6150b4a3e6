import type { RenderContext, Statement } from '@dsem/engine';
import { equal, type Finding, type Index, pathOf, type Schema, type View } from '@dsem/schema';
import { queryTree } from '../grammar.js';
import { finding } from '../hazards.js';
import { identifier, identifiers, qualified } from '../identifiers.js';
import type { Outputs } from '../normalize/catalogue.js';
import { resolveQuery } from '../normalize/query.js';
import { catalogueOfState } from '../normalize/views.js';
import { hazardRules } from '../rules.js';
import type { ViewAttributes } from '../types.js';
import { commentOn } from './comments.js';
import { createIndex, dropIndex } from './indexes.js';
import { optionChanges, optionsText } from './options.js';
import { locks, type Renderers, statement } from './statement.js';

/** How SQL calls the kind of view. */
export const viewWord = (view: View): string => (view.materialized ? 'MATERIALIZED VIEW' : 'VIEW');

const viewText = (view: View, create: string): string => {
  const columns = view.columns === undefined ? '' : ` (${identifiers(view.columns)})`;
  const options = optionsText(view.attributes?.options);
  return `${create} ${viewWord(view)} ${qualified(view)}${columns}${options === undefined ? '' : ` WITH (${options})`} AS ${view.body.normal}`;
};

type Texts = { readonly [name: string]: string };

const attributesOf = (view: View): ViewAttributes => (view.attributes ?? {}) as ViewAttributes;

/** The names that one side or the other has, with both texts, where they differ. */
const moved = (
  from: Texts = {},
  to: Texts = {},
): readonly (readonly [string, string | undefined, string | undefined])[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .map((name) => [name, from[name], to[name]] as const);

/** What stands on the columns of a view beside the query: comments and defaults for who writes through it. */
const columnParts = (from: ViewAttributes, view: View): readonly Statement[] => {
  const to = attributesOf(view);
  const alter = `ALTER ${viewWord(view)} ${qualified(view)}`;
  return [
    ...moved(from.columnDefaults, to.columnDefaults).map(([name, , value]) =>
      statement(
        `${alter} ALTER COLUMN ${identifier(name)} ${value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`,
      ),
    ),
    ...moved(from.columnComments, to.columnComments).flatMap(([name, before, after]) =>
      commentOn(`COLUMN ${qualified(view)}.${identifier(name)}`, after, before),
    ),
  ];
};

/** CREATE VIEW with its indexes, comments and defaults. */
export const createView = (view: View, state: Schema): readonly Statement[] => [
  statement(viewText(view, 'CREATE'), view.materialized ? { lock: locks.none, cost: 'build' } : { lock: locks.none }),
  ...(view.indexes ?? []).flatMap((index) => createIndex(view, index, state, false, true)),
  ...commentOn(`${viewWord(view)} ${qualified(view)}`, view.comment),
  ...columnParts({}, view),
];

const outputs = (view: View, state: Schema): Outputs | undefined =>
  resolveQuery(queryTree(view.body.normal), catalogueOfState(state), view.columns).outputs;

/** Whether CREATE OR REPLACE will do: it may only append columns; names and types of the others must stay. */
export const isReplaceable = (from: View, to: View, state: Schema): boolean => {
  if (from.materialized || to.materialized) return false;
  const [earlier, later] = [outputs(from, state), outputs(to, state)];
  if (!earlier || !later) return false;
  return earlier.every(([name, type], at) => type !== undefined && later[at]?.[0] === name && later[at]?.[1] === type);
};

const queryOf = ({ comment: _, attributes: __, indexes: ___, ...rest }: View): Partial<View> => rest;

/** Whether the query stays, so that only what stands beside it changes. */
export const keepsQuery = (from: View, to: View): boolean => equal(queryOf(from), queryOf(to));

const settings = (from: View, to: View): readonly Statement[] =>
  optionChanges(attributesOf(from).options, attributesOf(to).options).map((words) =>
    statement(`ALTER ${viewWord(to)} ${qualified(to)} ${words}`),
  );

const bare = ({ comment: _, ...index }: Index): Omit<Index, 'comment'> => index;

/** Indexes of a materialized view, which the planner changes one by one. */
const indexChanges = (from: View, to: View, { state, style }: RenderContext): readonly Statement[] => {
  const [earlier, later] = [from, to].map((view) => new Map(view.indexes?.map((index) => [index.name, index])));
  const kept = (index: Index, other: Index | undefined): boolean =>
    other !== undefined && equal(bare(index), bare(other));
  const gone = [...earlier!.values()].filter((index) => !kept(index, later!.get(index.name)));
  const stay = [...later!.values()].filter((index) => kept(index, earlier!.get(index.name)));
  const come = [...later!.values()].filter((index) => !kept(index, earlier!.get(index.name)));
  return [
    ...gone.flatMap((index) => dropIndex(to, index, style === 'online')),
    ...come.flatMap((index) => createIndex(to, index, state, style === 'online')),
    ...stay.flatMap((index) =>
      commentOn(`INDEX ${qualified({ ...to, name: index.name })}`, index.comment, earlier!.get(index.name)?.comment),
    ),
  ];
};

const alteredBeside = (from: View, to: View, context: RenderContext): readonly Statement[] => [
  ...settings(from, to),
  ...indexChanges(from, to, context),
  ...commentOn(`${viewWord(to)} ${qualified(to)}`, to.comment, from.comment),
  ...columnParts(attributesOf(from), to),
];

/** What the server keeps of a view that is replaced stands on its columns. */
const replaced = (from: View, to: View, hazards: readonly Finding[]): readonly Statement[] => [
  statement(viewText(to, 'CREATE OR REPLACE'), { hazards }),
  ...commentOn(`${viewWord(to)} ${qualified(to)}`, to.comment, from.comment),
  ...columnParts(attributesOf(from), to),
];

const changed = (from: View, to: View, context: RenderContext): readonly Statement[] => {
  const path = pathOf(to);
  const hazards = [finding(hazardRules.replaceView, path, `The view ${path} changes.`)];
  if (isReplaceable(from, to, context.state)) return replaced(from, to, hazards);
  return [statement(`DROP ${viewWord(from)} ${qualified(from)}`, { hazards }), ...createView(to, context.state)];
};

/** Views, plain and materialized. */
export const viewRenderers: Renderers<'create-view' | 'drop-view' | 'alter-view'> = {
  'create-view': ({ view }, { state }) => createView(view, state),
  'drop-view': ({ view, object }) => [
    statement(`DROP ${viewWord(view)} ${qualified(view)}`, {
      hazards: [finding(hazardRules.dropView, object, `The view ${object} is dropped.`)],
    }),
  ],
  'alter-view': ({ from, to }, context) =>
    keepsQuery(from, to) ? alteredBeside(from, to, context) : changed(from, to, context),
};
