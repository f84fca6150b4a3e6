import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type ChangeOf, equal, pathOf } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, identifiers, literal, qualified } from '../identifiers.js';
import { definitionOf } from '../objects.js';
import { operations, type PublicationDefinition, type PublishedTable } from '../publications.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';

const target = (name: string): string => `PUBLICATION ${identifier(name)}`;

/** Without ONLY the tables below would be meant too; partitions are published with their table either way. */
const tableText = ({ columns, where, ...table }: PublishedTable): string =>
  [
    `ONLY ${qualified(table)}`,
    ...(columns ? [`(${identifiers(columns)})`] : []),
    ...(where === undefined ? [] : [`WHERE (${where})`]),
  ].join(' ');

const membersText = (tables: readonly PublishedTable[] = [], schemas: readonly string[] = []): string =>
  [
    ...(tables.length === 0 ? [] : [`TABLE ${tables.map(tableText).join(', ')}`]),
    ...(schemas.length === 0 ? [] : [`TABLES IN SCHEMA ${identifiers(schemas)}`]),
  ].join(', ');

const optionTexts = (to: PublicationDefinition, from: PublicationDefinition = {}): readonly string[] => [
  ...(equal(from.publish, to.publish) ? [] : [`publish = ${literal((to.publish ?? operations).join(', '))}`]),
  ...(from.viaRoot === to.viaRoot ? [] : [`publish_via_partition_root = ${String(to.viaRoot ?? false)}`]),
  ...(from.generatedColumns === to.generatedColumns
    ? []
    : [`publish_generated_columns = ${to.generatedColumns ?? 'none'}`]),
];

/** @throws UnsupportedChange for what the target's version does not know */
const check = (change: Change, held: PublicationDefinition, { version }: RenderContext): void => {
  const major = Number.parseInt(version, 10);
  const { tables = [], schemas = [], generatedColumns } = held;
  const since = (needed: number, what: string): void => {
    if (major < needed) cannot(change, `${what} needs PostgreSQL ${needed}, the target has ${version}`);
  };
  if (tables.some(({ columns }) => columns)) since(15, 'a publication of some columns');
  if (tables.some(({ where }) => where !== undefined)) since(15, 'a publication of some rows');
  if (schemas.length > 0) since(15, 'a publication of the tables in a schema');
  if (generatedColumns) since(18, 'a publication of generated columns');
};

const create: ObjectRenderer['create'] = (change, context) => {
  const { value } = change;
  const held = definitionOf<PublicationDefinition>(value);
  check(change, held, context);
  const members = held.allTables ? 'ALL TABLES' : membersText(held.tables, held.schemas);
  const options = optionTexts(held);
  const text = [
    `CREATE ${target(value.name)}`,
    ...(members === '' ? [] : [`FOR ${members}`]),
    ...(options.length === 0 ? [] : [`WITH (${options.join(', ')})`]),
  ].join(' ');
  return [statement(text, { lock: locks.updateExclusive }), ...commentOn(target(value.name), value.comment)];
};

const drop: ObjectRenderer['drop'] = ({ value, object }) => [
  statement(`DROP ${target(value.name)}`, {
    lock: locks.none,
    hazards: [finding(hazardRules.dropPublication, object, `${object} is dropped.`)],
  }),
];

/** What subscribers no longer get; undefined where they get all that they got. */
const withdrawn = (from: PublicationDefinition, to: PublicationDefinition): string | undefined => {
  const [before, after] = [from.publish ?? operations, to.publish ?? operations];
  const operation = before.find((one) => !after.includes(one));
  if (operation !== undefined) return `${operation} is published no more`;
  if (from.viaRoot !== to.viaRoot) return 'changes of partitions are published under another name';
  const table = (from.tables ?? []).find((one) => !(to.tables ?? []).some((other) => equal(one, other)));
  if (table) return `${pathOf({ namespace: table.namespace!, name: table.name })} is published otherwise or no more`;
  const schema = (from.schemas ?? []).find((one) => !(to.schemas ?? []).includes(one));
  return schema === undefined ? undefined : `the tables of ${schema} are published no more`;
};

const memberChange = (name: string, from: PublicationDefinition, to: PublicationDefinition): readonly string[] => {
  if (equal(from.tables, to.tables) && equal(from.schemas, to.schemas)) return [];
  const members = membersText(to.tables, to.schemas);
  if (members !== '') return [`ALTER ${target(name)} SET ${members}`];
  const gone = (from.tables ?? []).map(({ namespace, name: table }) => ({ namespace: namespace!, name: table }));
  return [`ALTER ${target(name)} DROP ${membersText(gone, from.schemas)}`];
};

const alter: ObjectRenderer['alter'] = (change, context) => {
  const { from, to, object } = change;
  const [before, after] = [definitionOf<PublicationDefinition>(from), definitionOf<PublicationDefinition>(to)];
  check(change, after, context);
  const lost = withdrawn(before, after);
  const hazards = lost === undefined ? [] : [finding(hazardRules.changePublication, object, `${object}: ${lost}.`)];
  if (before.allTables !== after.allTables) return remake(change, context);
  const options = optionTexts(after, before);
  const set = options.length === 0 ? [] : [`ALTER ${target(to.name)} SET (${options.join(', ')})`];
  const members = memberChange(to.name, before, after);
  const texts = after.viaRoot ? [...set, ...members] : [...members, ...set];
  return [
    ...texts.map((text, at) => statement(text, { lock: locks.updateExclusive, hazards: at === 0 ? hazards : [] })),
    ...commentOn(target(to.name), to.comment, from.comment),
  ];
};

/** Whether all tables are published cannot change in place. */
const remake = ({ from, to, object }: ChangeOf<'alter-object'>, context: RenderContext): readonly Statement[] => [
  ...drop({ kind: 'drop-object', object, value: from }, context),
  ...create({ kind: 'create-object', object, value: to }, context),
];

/** Of publications. */
export const publicationRenderer: ObjectRenderer = { create, alter, drop };
