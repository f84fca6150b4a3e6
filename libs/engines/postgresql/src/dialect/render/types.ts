import type { RenderContext, Statement } from '@dsem/engine';
import {
  type ChangeOf,
  type Column,
  type EnumType,
  type Finding,
  pathOf,
  type Schema,
  type Table,
  type View,
} from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, literal, qualified, shortestName } from '../identifiers.js';
import { columnsIn } from '../normalize/tree.js';
import { expressionTree } from '../grammar.js';
import { hazardRules } from '../rules.js';
import { defaultNamespace } from '../types.js';
import { commentOn } from './comments.js';
import { readersOf } from '../view-order.js';
import { cannot, locks, type Renderers, statement } from './statement.js';
import { createView, viewWord } from './views.js';

const createText = (type: EnumType): string =>
  `CREATE TYPE ${qualified(type)} AS ENUM (${type.labels.map(literal).join(', ')})`;

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let at = 0;
  for (const label of whole) if (label === part[at]) at += 1;
  return at === part.length;
};

interface User {
  readonly table: Table;
  readonly column: Column;
  readonly array: boolean;
}

const usersOf = (type: EnumType, state: Schema): readonly User[] => {
  const native = shortestName(type.namespace ?? defaultNamespace, type.name);
  return state.tables.flatMap((table) =>
    table.columns
      .filter((column) => [native, `${native}[]`].includes(column.type.native))
      .map((column) => ({ table, column, array: column.type.native.endsWith('[]') })),
  );
};

const countText = ({ table, column, array }: User, type: EnumType, labels: readonly string[]): string => {
  const list = labels.map(literal).join(', ');
  const held = array ? `&& ARRAY[${list}]::${qualified(type)}[]` : `IN (${list})`;
  return `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(column.name)} ${held}`;
};

const addition = (
  type: EnumType,
  label: string,
  labels: readonly string[],
  object: string,
  state: Schema,
): Statement => {
  const at = labels.indexOf(label);
  const position = at === 0 ? `BEFORE ${literal(labels[1] ?? '')}` : `AFTER ${literal(labels[at - 1]!)}`;
  const text = `ALTER TYPE ${qualified(type)} ADD VALUE ${literal(label)}${labels.length === 1 ? '' : ` ${position}`}`;
  const counts = usersOf(type, state).map((user) => countText(user, type, [label]));
  const back = counts.length === 0 ? '' : ` The way back fails while rows hold it: ${counts.join('; ')}`;
  const message = `Readers of ${object} can meet the new label ${label}.`;
  const hazards = [finding(hazardRules.enumAdd, object, message, `${hazardRules.enumAdd.fix}${back}`)];
  return statement(text, { lock: locks.none, transactional: false, hazards });
};

/** Each new label beside one that is there already. */
const additions = (from: EnumType, to: EnumType, object: string, state: Schema): readonly Statement[] => {
  const present = new Set(from.labels);
  const statements: Statement[] = [];
  to.labels.forEach((label, at) => {
    if (present.has(label)) return;
    const later = to.labels.slice(at + 1).find((one) => present.has(one));
    const order = at > 0 ? [to.labels[at - 1]!, label] : later === undefined ? [label] : [label, later];
    statements.push(addition(to, label, order, object, state));
    present.add(label);
  });
  return statements;
};

const mentions = (expression: string | undefined, column: string): boolean =>
  expression !== undefined && columnsIn(expressionTree(expression)).includes(column);

const dependents = ({ table, column }: User): readonly string[] => [
  ...table.checks
    .filter((check) => mentions(check.expression, column.name))
    .map((check) => `check ${pathOf(table, check.name)}`),
  ...table.indexes
    .filter(
      (index) =>
        mentions(index.predicate, column.name) || index.keys.some((key) => mentions(key.expression, column.name)),
    )
    .map((index) => `index ${pathOf(table, index.name)}`),
  ...table.columns
    .filter((one) => mentions(one.generated?.expression, column.name))
    .map((one) => `generated column ${pathOf(table, one.name)}`),
];

const readers = (users: readonly User[], state: Schema): readonly View[] =>
  readersOf(state.views, (view) =>
    users.some(
      ({ table, column }) =>
        view.body.uses.includes(pathOf(table)) &&
        view.body.normal
          .split(/[^\p{L}\p{N}_$]+/u)
          .some((word) => column.name.split(/[^\p{L}\p{N}_$]+/u).includes(word)),
    ),
  );

const rebuildColumn = ({ table, column, array }: User, type: EnumType): readonly Statement[] => {
  const alter = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${identifier(column.name)}`;
  const suffix = array ? '[]' : '';
  const text = `${alter} TYPE ${qualified(type)}${suffix} USING ${identifier(column.name)}::text${suffix}::${qualified(type)}${suffix}`;
  return [
    ...(column.default === undefined ? [] : [statement(`${alter} DROP DEFAULT`)]),
    statement(text, { lock: locks.exclusiveLong, cost: 'rewrite' }),
    ...(column.default === undefined ? [] : [statement(`${alter} SET DEFAULT ${column.default}`)]),
  ];
};

const rebuildHazards = (from: EnumType, to: EnumType, users: readonly User[], object: string): readonly Finding[] => {
  const gone = from.labels.filter((label) => !to.labels.includes(label));
  const counts = users.map((user) => countText(user, from, gone));
  const rewrites = users.map(({ table, column }) =>
    finding(
      hazardRules.typeRewrite,
      pathOf(table, column.name),
      `${pathOf(table)} is rewritten for the new labels of ${object}.`,
    ),
  );
  if (gone.length === 0)
    return [
      finding(hazardRules.enumReorder, object, `The labels of ${object} are put into another order.`),
      ...rewrites,
    ];
  const fix = counts.length === 0 ? undefined : `Look for rows that hold them: ${counts.join('; ')}`;
  return [
    finding(hazardRules.enumRemove, object, `The labels ${gone.join(', ')} of ${object} are removed.`, fix),
    ...rewrites,
  ];
};

const freeName = (type: EnumType, state: Schema): string => {
  const taken = new Set([...state.types, ...state.tables, ...state.views].map((one) => one.name));
  const stem = type.name.slice(0, 50);
  for (let count = 0; ; count += 1) {
    const name = `${stem}__old${count === 0 ? '' : count}`;
    if (!taken.has(name)) return name;
  }
};

/** No label can be taken out of an enum: a new type is made, the columns move over, the old one goes. */
const rebuild = (
  change: ChangeOf<'alter-type'>,
  from: EnumType,
  to: EnumType,
  { state }: RenderContext,
): readonly Statement[] => {
  const users = usersOf(from, state);
  const blockers = users.flatMap((user) => dependents(user));
  if (blockers.length > 0)
    return cannot(change, `labels cannot be removed or moved while these depend on it: ${blockers.join(', ')}`);
  const old = { ...(from.namespace === undefined ? {} : { namespace: from.namespace }), name: freeName(from, state) };
  const views = readers(users, state);
  return [
    ...views.toReversed().map((view) => statement(`DROP ${viewWord(view)} ${qualified(view)}`)),
    statement(`ALTER TYPE ${qualified(from)} RENAME TO ${identifier(old.name)}`, {
      hazards: rebuildHazards(from, to, users, change.object),
    }),
    statement(createText(to), { lock: locks.none }),
    ...users.flatMap((user) => rebuildColumn(user, to)),
    statement(`DROP TYPE ${qualified(old)}`),
    ...commentOn(`TYPE ${qualified(to)}`, to.comment),
    ...views.flatMap((view) => createView(view, state)),
  ];
};

const alterEnum = (
  change: ChangeOf<'alter-type'>,
  from: EnumType,
  to: EnumType,
  context: RenderContext,
): readonly Statement[] => {
  const same = from.labels.join('\0') === to.labels.join('\0');
  if (!same && !isSubsequence(from.labels, to.labels)) return rebuild(change, from, to, context);
  return [
    ...additions(from, to, change.object, context.state),
    ...commentOn(`TYPE ${qualified(to)}`, to.comment, from.comment),
  ];
};

/** Enums; other kinds of types are refused by name. */
export const typeRenderers: Renderers<'create-type' | 'drop-type' | 'alter-type'> = {
  'create-type': (change) =>
    change.type.kind === 'enum'
      ? [
          statement(createText(change.type), { lock: locks.none }),
          ...commentOn(`TYPE ${qualified(change.type)}`, change.type.comment),
        ]
      : cannot(change, `a type of kind ${change.type.kind} is not supported`),
  'drop-type': ({ type, object }) => [
    statement(`DROP TYPE ${qualified(type)}`, {
      hazards: [finding(hazardRules.dropType, object, `The type ${object} is dropped.`)],
    }),
  ],
  'alter-type': (change, context) =>
    change.from.kind === 'enum' && change.to.kind === 'enum'
      ? alterEnum(change, change.from, change.to, context)
      : cannot(change, `a type of kind ${change.to.kind} is not supported`),
};
