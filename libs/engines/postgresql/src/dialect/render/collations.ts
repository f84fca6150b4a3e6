import type { RenderContext } from '@dsem/engine';
import { type Change, equal, type ObjectName, pathOf, type Schema } from '@dsem/schema';
import { type CollationDefinition, collationSpelling } from '../collations.js';
import { finding } from '../hazards.js';
import { literal, qualified } from '../identifiers.js';
import { definitionOf } from '../objects.js';
import { hazardRules } from '../rules.js';
import { rangeOf } from '../types/ranges.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';

const target = (name: ObjectName): string =>
  `COLLATION ${qualified({ namespace: name.namespace, name: name.name } as ObjectName)}`;

const properties = ({ provider, locale, lcCollate, lcCtype, deterministic, rules }: CollationDefinition): string =>
  [
    ...(provider === undefined ? [] : [`PROVIDER = ${provider}`]),
    ...(locale === undefined ? [] : [`LOCALE = ${literal(locale)}`]),
    ...(lcCollate === undefined ? [] : [`LC_COLLATE = ${literal(lcCollate)}`]),
    ...(lcCtype === undefined ? [] : [`LC_CTYPE = ${literal(lcCtype)}`]),
    ...(deterministic === false ? ['DETERMINISTIC = false'] : []),
    ...(rules === undefined ? [] : [`RULES = ${literal(rules)}`]),
  ].join(', ');

const check = (change: Change, { provider, rules }: CollationDefinition, { version }: RenderContext): void => {
  const major = Number.parseInt(version, 10);
  const since = (needed: number, what: string): void => {
    if (major < needed) cannot(change, `${what} needs PostgreSQL ${needed}, the target has ${version}`);
  };
  if (rules !== undefined) since(16, 'a collation with rules');
  if (provider === 'builtin') since(17, 'a collation of the builtin provider');
};

const create: ObjectRenderer['create'] = (change, context) => {
  const { value } = change;
  const held = definitionOf<CollationDefinition>(value);
  check(change, held, context);
  return [
    statement(`CREATE ${target(value)} (${properties(held)})`, { lock: locks.none }),
    ...commentOn(target(value), value.comment),
  ];
};

const drop: ObjectRenderer['drop'] = ({ value, object }) => [
  statement(`DROP ${target(value)}`, {
    lock: locks.none,
    hazards: [finding(hazardRules.dropCollation, object, `${object} is dropped.`)],
  }),
];

/** Columns and types that hold values in the order of a collation: they cannot make way for a new one. */
const holders = (state: Schema, collation: string): readonly string[] => {
  const has = ({ attributes }: { readonly attributes?: { readonly [name: string]: unknown } }): boolean =>
    attributes?.['collation'] === collation;
  return [
    ...state.tables.flatMap((table) => table.columns.filter(has).map((column) => pathOf(table, column.name))),
    ...state.types
      .filter(
        (type) =>
          has(type) || rangeOf(type)?.collation === collation || (type.kind === 'struct' && type.fields.some(has)),
      )
      .map((type) => pathOf(type)),
  ];
};

const alter: ObjectRenderer['alter'] = (change, context) => {
  const { from, to, object } = change;
  if (equal(from.definition, to.definition)) return commentOn(target(to), to.comment, from.comment);
  const [first] = holders(context.state, collationSpelling(from));
  if (first !== undefined)
    return cannot(
      change,
      `a collation cannot change while values are kept by it, as in ${first}; make one with another name and give it to the columns one by one`,
    );
  return [
    statement(`DROP ${target(from)}`, {
      lock: locks.none,
      hazards: [finding(hazardRules.collation, object, `${object} is made anew.`)],
    }),
    ...create({ kind: 'create-object', object, value: to }, context),
  ];
};

/** Of collations. */
export const collationRenderer: ObjectRenderer = { create, alter, drop };
