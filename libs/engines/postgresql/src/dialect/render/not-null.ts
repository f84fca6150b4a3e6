import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type Column, type ObjectName, pathOf } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier } from '../identifiers.js';
import { notNullOf } from '../not-null.js';
import { notNullName } from '../parse/not-null-name.js';
import { hazardRules } from '../rules.js';
import { alter } from './alter.js';
import { cannot, locks, statement } from './statement.js';

/** @throws UnsupportedChange for what the target's version does not keep of a NOT NULL */
export const checkNotNull = (change: Change, columns: readonly Column[], { version }: RenderContext): void => {
  if (Number.parseInt(version, 10) >= 18) return;
  const found = columns.find(({ attributes }) => attributes?.['notNull'] !== undefined);
  if (found === undefined) return;
  const { name, noInherit } = notNullOf(found);
  const what =
    name === undefined ? `NOT NULL with ${noInherit ? 'NO INHERIT' : 'NOT VALID'}` : `the name ${name} of NOT NULL`;
  cannot(change, `${what} of the column ${found.name} needs PostgreSQL 18, the target has ${version}; leave it out`);
};

const named = (column: Column): string => {
  const { name } = notNullOf(column);
  return name === undefined ? '' : `CONSTRAINT ${identifier(name)} `;
};

const inherited = (column: Column): string => (notNullOf(column).noInherit ? ' NO INHERIT' : '');

/** NOT NULL as it stands behind a column; one that is unchecked is added afterwards. */
export const notNullWords = (column: Column): readonly string[] =>
  column.nullable || notNullOf(column).unchecked ? [] : [`${named(column)}NOT NULL${inherited(column)}`];

/** NOT NULL as a constraint of the table. */
export const notNullConstraint = (column: Column): string =>
  `ADD ${named(column)}NOT NULL ${identifier(column.name)}${inherited(column)}${notNullOf(column).unchecked ? ' NOT VALID' : ''}`;

/** NOT NULL of columns that CREATE TABLE and ADD COLUMN cannot leave unchecked. */
export const uncheckedNotNull = (table: ObjectName, columns: readonly Column[]): readonly Statement[] =>
  columns
    .filter((column) => !column.nullable && notNullOf(column).unchecked)
    .map((column) => statement(alter(table, notNullConstraint(column))));

/** What the NOT NULL of a column says changes, while the column stays NOT NULL. */
export const notNullChanges = (table: ObjectName, from: Column, to: Column): readonly Statement[] => {
  const [before, after] = [notNullOf(from), notNullOf(to)];
  if (from.nullable || to.nullable) return [];
  if (after.unchecked && !before.unchecked)
    return [
      statement(alter(table, `ALTER COLUMN ${identifier(to.name)} DROP NOT NULL`)),
      statement(alter(table, notNullConstraint(to)), {
        hazards: [
          finding(
            hazardRules.dropNotNull,
            pathOf(table, to.name),
            `${pathOf(table, to.name)} may be NULL where it is not checked.`,
          ),
        ],
      }),
    ];
  const [was, is] = [notNullName(table, from), notNullName(table, to)];
  return [
    ...(was === is ? [] : [statement(alter(table, `RENAME CONSTRAINT ${identifier(was)} TO ${identifier(is)}`))]),
    ...(before.noInherit === after.noInherit
      ? []
      : [statement(alter(table, `ALTER CONSTRAINT ${identifier(is)} ${after.noInherit ? 'NO INHERIT' : 'INHERIT'}`))]),
    ...(before.unchecked && !after.unchecked
      ? [
          statement(alter(table, `VALIDATE CONSTRAINT ${identifier(is)}`), {
            lock: locks.updateExclusive,
            cost: 'scan',
          }),
        ]
      : []),
  ];
};
