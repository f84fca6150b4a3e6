import type { AlterTableCmd, ATAlterConstraint, Constraint } from '@pgsql/types';
import { type Column, pathOf, type Table } from '@dsem/schema';
import { exclusionsOf } from '../exclusion.js';
import { notNullOf, withNotNull } from '../not-null.js';
import { nameParts } from '../type-names.js';
import { type Draft, keyOf, putTable, refuse, type Site } from './draft.js';
import { isInherited } from './marks.js';
import type { Full } from './names.js';
import { notNullName } from './not-null-name.js';

/** A column with the NOT NULL that a node says; one that has it from a parent has the parent's name of it too. */
export const notNullAs = (column: Column, node: Constraint): Column => {
  const required = { ...column, nullable: false };
  if (isInherited(column)) return required;
  return withNotNull(required, {
    ...(node.conname === undefined ? {} : { name: node.conname }),
    ...(node.is_no_inherit ? { noInherit: true } : {}),
    ...(node.skip_validation ? { unchecked: true } : {}),
  });
};

/** NOT NULL in CREATE TABLE. @throws Refusal for one that is unchecked there, where it means nothing */
export const checkNotNull = (node: Constraint, table: Table | Full, creating: boolean, site: Site): void => {
  if (creating && node.skip_validation)
    refuse('NOT NULL with NOT VALID in CREATE TABLE is not supported', pathOf(table), site);
};

const others = (table: Table): readonly string[] =>
  [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...exclusionsOf(table)].flatMap((one) =>
    one ? [one.name] : [],
  );

/** The column whose NOT NULL a statement calls by a name. */
export const notNullNamed = (table: Table | undefined, name: string | undefined): Column | undefined => {
  if (table === undefined || name === undefined || others(table).includes(name)) return undefined;
  return table.columns.find((column) => !column.nullable && notNullName(table, column) === name);
};

const mapColumn = (draft: Draft, table: Table, name: string, change: (column: Column) => Column): void =>
  putTable(draft, { ...table, columns: table.columns.map((one) => (one.name === name ? change(one) : one)) });

/** RENAME CONSTRAINT of a NOT NULL; false where the name means something else. */
export const renameNotNull = (draft: Draft, table: Table, from: string, to: string): boolean => {
  const found = notNullNamed(table, from);
  if (found) mapColumn(draft, table, found.name, (one) => withNotNull(one, { ...notNullOf(one), name: to }));
  return found !== undefined;
};

/** VALIDATE CONSTRAINT of a NOT NULL. */
export const validateNotNull = (draft: Draft, table: Table, name: string | undefined): void => {
  const found = notNullNamed(table, name);
  if (!found) return;
  const { unchecked: _, ...said } = notNullOf(found);
  mapColumn(draft, table, found.name, (one) => withNotNull(one, said));
};

/** ALTER CONSTRAINT ... [NO] INHERIT of a NOT NULL; false where the name means something else. */
export const alterNotNull = (draft: Draft, table: Table, change: ATAlterConstraint): boolean => {
  const found = change.alterInheritability ? notNullNamed(table, change.conname) : undefined;
  if (!found) return false;
  const { noInherit: _, ...said } = notNullOf(found);
  mapColumn(draft, table, found.name, (one) =>
    withNotNull(one, change.noinherit ? { ...said, noInherit: true } : said),
  );
  return true;
};

/** A NOT NULL as a constraint is that of a column, for every table below too unless it says otherwise. */
export const asColumnCommand = (draft: Draft, command: AlterTableCmd, name: Full): AlterTableCmd => {
  const node = command.def && 'Constraint' in command.def ? command.def.Constraint : undefined;
  if (command.subtype === 'AT_AddConstraint' && node?.contype === 'CONSTR_NOTNULL')
    return { ...command, subtype: 'AT_SetNotNull', name: nameParts(node.keys)[0] ?? '' };
  const found =
    command.subtype === 'AT_DropConstraint' ? notNullNamed(draft.tables.get(keyOf(name)), command.name) : undefined;
  return found ? { subtype: 'AT_DropNotNull', name: found.name } : command;
};

/** Whether a command is about a NOT NULL that tables below do not have. */
export const staysAbove = ({ def }: AlterTableCmd): boolean =>
  def !== undefined &&
  'Constraint' in def &&
  def.Constraint.contype === 'CONSTR_NOTNULL' &&
  def.Constraint.is_no_inherit === true;
