import type { RenderContext, Statement } from '@dsem/engine';
import {
  allColumns,
  type ChangeOf,
  type Column,
  type ColumnOverride,
  descendantsOf,
  type Finding,
  inheritedColumns,
  type ObjectName,
  pathOf,
  type Schema,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { nullableBelow } from '../not-null.js';
import { hazardRules } from '../rules.js';
import { tuneColumn } from './column-tuning.js';
import { commentOn } from './comments.js';
import { columnForeignChanges } from './foreign-tables.js';
import { locks, statement } from './statement.js';

/** What a table holds otherwise than its parent in one column, where it holds anything. */
type Override = Omit<ColumnOverride, 'name'>;

const setDefault = (alter: string, value: string | undefined): Statement =>
  statement(value === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${value}`);

const valueOf = (override: Override, parent: Column | undefined): string | undefined =>
  override.default === undefined ? parent?.default : (override.default ?? undefined);

const notNullHazards = (table: ObjectName, column: string): readonly Finding[] => {
  const path = pathOf(table, column);
  const query = `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(column)} IS NULL`;
  return [
    finding(hazardRules.setNotNull, path, `${path} becomes NOT NULL.`, `Look for rows without a value: ${query}`),
    finding(hazardRules.notNullScan, path, `All rows are read to prove that ${path} is never NULL.`),
  ];
};

const setNullable = (table: Table, column: string, alter: string, nullable: boolean): Statement =>
  nullable
    ? statement(`${alter} DROP NOT NULL`)
    : statement(`${alter} SET NOT NULL`, {
        lock: locks.exclusiveLong,
        cost: 'scan',
        hazards: notNullHazards(table, column),
      });

const tuned = ({ attributes }: Override): Pick<Column, 'attributes'> => ({ attributes: attributes ?? {} });

/** How a table gets the storage of inherited columns from its parents when it is made. */
export const madeAlike = (table: Table, state: Schema): Table => {
  const { overrides: _, ...rest } = table;
  const overrides = [...inheritedColumns(table, tableFinder(state)).values()].flatMap(({ name, attributes = {} }) => {
    const kept = Object.entries(attributes).filter(([key]) => key === 'storage' || key === 'compression');
    return kept.length === 0 ? [] : [{ name, attributes: Object.fromEntries(kept) }];
  });
  return overrides.length === 0 ? rest : { ...rest, overrides };
};

/** What brings the inherited columns of a table from one set of differences to another. O(columns), and O(tables) where a default moves. */
export const overrideChanges = (from: Table, to: Table, context: RenderContext): readonly Statement[] => {
  const { state } = context;
  const inherited = inheritedColumns(to, tableFinder(state));
  const byName = (table: Table) => new Map(table.overrides?.map((one) => [one.name, one]));
  const [earlier, later] = [byName(from), byName(to)];
  const names = [...new Set([...earlier.keys(), ...later.keys()])].filter((name) => inherited.has(name));
  return names.flatMap((name) => {
    const [before, after]: readonly [Override, Override] = [earlier.get(name) ?? {}, later.get(name) ?? {}];
    const parent = inherited.get(name);
    const alter = `ALTER TABLE ${qualified(to)} ALTER COLUMN ${identifier(name)}`;
    const usual = parent === undefined || nullableBelow(parent);
    const [was, is] = [before.nullable ?? usual, after.nullable ?? usual];
    const [old, fresh] = [valueOf(before, parent), valueOf(after, parent)];
    return [
      ...(old === fresh ? [] : [setDefault(alter, fresh)]),
      ...(was === is ? [] : [setNullable(to, name, alter, is)]),
      ...(old === fresh ? [] : restored(to, { column: name, from: old, to: fresh }, replaced(state, to))),
      ...(parent === undefined ? [] : tuneColumn(to, before, { ...parent, ...tuned(after) }, context)),
      ...columnForeignChanges(to, name, before, after),
      ...commentOn(`COLUMN ${qualified(to)}.${identifier(name)}`, after.comment, before.comment),
    ];
  });
};

/** A default before and after a change. */
interface Moved {
  readonly column: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A change of a default reaches every table below; those that had another one get it back. */
const restored = (table: ObjectName, { column, from, to }: Moved, after: Schema): readonly Statement[] => {
  const find = tableFinder(after);
  return descendantsOf(after, table).flatMap((child) => {
    const wanted = allColumns(child, find).find(({ name }) => name === column);
    if (wanted === undefined || wanted.default === from || wanted.default === to) return [];
    return [setDefault(`ALTER TABLE ONLY ${qualified(child)} ALTER COLUMN ${identifier(column)}`, wanted.default)];
  });
};

const replaced = (state: Schema, table: Table): Schema => {
  const path = pathOf(table);
  return { ...state, tables: state.tables.map((one) => (pathOf(one) === path ? table : one)) };
};

/** A column written beside a parent's has the parent's default and NOT NULL as well, unless they are taken away again. */
export const mergedChanges = (table: Table, state: Schema): readonly Statement[] => {
  const inherited = inheritedColumns(table, tableFinder(state));
  return table.columns.flatMap((column) => {
    const parent = inherited.get(column.name);
    const alter = `ALTER TABLE ONLY ${qualified(table)} ALTER COLUMN ${identifier(column.name)}`;
    return [
      ...(parent?.default !== undefined && column.default === undefined ? [setDefault(alter, undefined)] : []),
      ...(parent && !nullableBelow(parent) && column.nullable ? [statement(`${alter} DROP NOT NULL`)] : []),
    ];
  });
};

type ColumnChange = ChangeOf<'set-default' | 'drop-default' | 'change-default' | 'drop-not-null'>;

const stateAfter = ({ table, to }: ColumnChange, state: Schema): Schema => {
  const standing = tableFinder(state)(table);
  if (standing === undefined || descendantsOf(state, table).length === 0) return state;
  return replaced(state, { ...standing, columns: standing.columns.map((one) => (one.name === to.name ? to : one)) });
};

/** Every table below whose default of the column moves along, because it has none of its own. */
const followers = (change: ColumnChange, state: Schema): readonly Statement[] => {
  const { table, to } = change;
  const [before, after] = [tableFinder(state), tableFinder(stateAfter(change, state))];
  const valueIn = (child: Table, find: typeof before): string | undefined =>
    allColumns(child, find).find(({ name }) => name === to.name)?.default;
  return descendantsOf(state, table).flatMap((child) => {
    const value = valueIn(child, after);
    if (value === valueIn(child, before)) return [];
    return [setDefault(`ALTER TABLE ONLY ${qualified(child)} ALTER COLUMN ${identifier(to.name)}`, value)];
  });
};

/**
 * A change of a default: the server makes it on every table below too. Those that differ get theirs back; where one lists
 * the column itself, the change is made table by table instead, so that what it has stays its own.
 */
export const defaultChange = (
  change: ColumnChange,
  hazards: readonly Finding[],
  { state }: RenderContext,
): readonly Statement[] => {
  const { table, from, to } = change;
  const listed = descendantsOf(state, table).some(({ columns }) => columns.some(({ name }) => name === to.name));
  const alter = `ALTER TABLE ${listed ? 'ONLY ' : ''}${qualified(table)} ALTER COLUMN ${identifier(to.name)}`;
  const text = to.default === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${to.default}`;
  return [
    statement(text, { hazards }),
    ...(listed
      ? followers(change, state)
      : restored(table, { column: to.name, from: from.default, to: to.default }, stateAfter(change, state))),
  ];
};

/** From 18 on a partition may have the parent's NOT NULL as its own as well, from a key that was made of an index. */
export const droppedBelow = (change: ColumnChange, { state, version }: RenderContext): readonly Statement[] => {
  if (Number(version) < 18) return [];
  const { table, to } = change;
  const find = tableFinder(stateAfter(change, state));
  return descendantsOf(state, table)
    .filter(
      (child) =>
        child.partitionOf && allColumns(child, find).some(({ name, nullable }) => name === to.name && nullable),
    )
    .map((child) => statement(`ALTER TABLE ${qualified(child)} ALTER COLUMN ${identifier(to.name)} DROP NOT NULL`));
};
