import { type ForeignKey, type Index, type ObjectName, pathOf, type Table, type Unique, type View } from '@dsem/schema';
import { columnsIn } from '../normalize/tree.js';
import { exclusionsOf, isExclusion } from '../exclusion.js';
import { expressionTree } from '../grammar.js';
import {
  contradict,
  type Draft,
  keyOf,
  putTable,
  readersOf,
  referrersOf,
  removeView,
  type Site,
  tableOf,
} from './draft.js';
import { dropGrantsOn } from './grants-follow.js';
import { inTheWay } from './in-the-way.js';
import { fullName } from './marks.js';
import { type Full, sameName } from './names.js';
import { dropPoliciesNaming, dropPoliciesReading } from './policies.js';
import { unpublishColumn } from './published.js';
import { dropRulesNaming, dropRulesReading } from './rules.js';
import { dropStatisticsNaming, dropStatisticsOn } from './statistics-follow.js';
import { dropTriggersNaming, dropTriggersOn } from './triggers.js';
import { columnReaders } from './view-columns.js';

const usesColumn = (expression: string | undefined, column: string): boolean =>
  expression !== undefined && columnsIn(expressionTree(expression)).includes(column);

const indexUses = (index: Index, column: string): boolean =>
  (index.include ?? []).includes(column) ||
  usesColumn(index.predicate, column) ||
  index.keys.some((key) => key.column === column || usesColumn(key.expression, column));

const keyUses = (key: Unique, column: string): boolean =>
  key.columns.includes(column) || ((key.attributes?.include as readonly string[] | undefined) ?? []).includes(column);

/** A table without a column and without what the server drops along with it. */
const withoutColumn = (table: Table, column: string): Table => {
  const { primaryKey, ...rest } = table;
  return {
    ...rest,
    ...(primaryKey && !keyUses(primaryKey, column) ? { primaryKey } : {}),
    columns: table.columns.filter((one) => one.name !== column),
    uniques: table.uniques.filter((key) => !keyUses(key, column)),
    foreignKeys: table.foreignKeys.filter((key) => !key.columns.includes(column)),
    checks: table.checks.filter((check) => !usesColumn(check.expression, column)),
    indexes: table.indexes.filter((index) => !indexUses(index, column)),
  };
};

const sameColumns = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));

/** Whether a foreign key needs the key of these columns; one that names no columns needs the primary key. */
const needs = (key: ForeignKey, columns: readonly string[], primary: boolean): boolean =>
  key.references.columns.length === 0 ? primary : sameColumns(key.references.columns, columns);

/** Foreign keys of a table at another one, but for those that `isKept`. */
const dropReferences = (draft: Draft, target: ObjectName, isDropped: (key: ForeignKey) => boolean): void => {
  for (const table of referrersOf(draft, target)) {
    const kept = table.foreignKeys.filter((key) => !sameName(key.references, target) || !isDropped(key));
    if (kept.length < table.foreignKeys.length) putTable(draft, { ...table, foreignKeys: kept });
  }
};

/** Removes the foreign keys of other tables that point at a table, as DROP TABLE ... CASCADE does. */
export const dropReferencesTo = (draft: Draft, target: ObjectName): void => dropReferences(draft, target, () => true);

interface Key {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primary: boolean;
}

/** The foreign keys that need a key go along with it, or stand in its way. */
const dropKeyReferences = (draft: Draft, table: Table, dropped: Key, cascade: boolean, site: Site): void => {
  const others = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
  const replaced = others.some((key) => key.name !== dropped.name && sameColumns(key.columns, dropped.columns));
  if (replaced) return;
  const isNeeded = (key: ForeignKey): boolean => needs(key, dropped.columns, dropped.primary);
  if (cascade) return dropReferences(draft, table, isNeeded);
  for (const referrer of referrersOf(draft, table)) {
    const key = referrer.foreignKeys.find((one) => sameName(one.references, table) && isNeeded(one));
    const path = pathOf(table, dropped.name);
    if (key) inTheWay(`The constraint ${path}`, `${pathOf(referrer, key.name)} needs it`, path, site);
  }
};

const keysOf = (table: Table): readonly Key[] => [
  ...(table.primaryKey ? [{ ...table.primaryKey, primary: true }] : []),
  ...table.uniques.map((key) => ({ ...key, primary: false })),
];

/** Removes the sequences a column or table owns. */
export const dropOwnedSequences = (draft: Draft, table: Full, column?: string): void => {
  for (const sequence of draft.sequences.values()) {
    const owner = sequence.ownedBy;
    if (owner && sameName(owner, table) && (column === undefined || owner.column === column)) {
      draft.sequences.delete(keyOf(sequence));
      dropGrantsOn(draft, pathOf(fullName(sequence)));
    }
  }
};

/** Views that name a column go along with it, or stand in its way. */
const dropColumnReaders = (draft: Draft, table: Full, column: string, cascade: boolean, site: Site): void => {
  for (const view of columnReaders(draft, table, column)) {
    const path = pathOf(table, column);
    if (!cascade) inTheWay(`The column ${path}`, `the view ${pathOf(view)} reads it`, path, site);
    dropView(draft, view);
  }
};

/** Takes a view out of the draft, with the views that read it. */
export const dropView = (draft: Draft, view: View): void => {
  removeView(draft, view);
  dropStatisticsOn(draft, fullName(view));
  dropGrantsOn(draft, pathOf(fullName(view)));
  dropPoliciesReading(draft, fullName(view));
  dropRulesReading(draft, fullName(view));
  dropTriggersOn(draft, fullName(view));
  for (const reader of readersOf(draft, view)) dropView(draft, reader);
};

const dropGenerated = (draft: Draft, name: Full, column: string, cascade: boolean, site: Site): void => {
  const table = tableOf(draft, name, site);
  for (const other of table.columns) {
    if (other.name === column || !usesColumn(other.generated?.expression, column)) continue;
    const path = pathOf(name, column);
    if (!cascade) inTheWay(`The column ${path}`, `${pathOf(name, other.name)} is computed from it`, path, site);
    dropColumn(draft, name, other.name, { ifExists: true, cascade }, site);
  }
};

interface Manner {
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** ALTER TABLE ... DROP COLUMN. */
export const dropColumn = (draft: Draft, name: Full, column: string, manner: Manner, site: Site): void => {
  const path = pathOf(name, column);
  const table = tableOf(draft, name, site);
  if (!table.columns.some((one) => one.name === column)) {
    if (manner.ifExists) return;
    contradict(`The column ${path} is not defined.`, path, site);
  }
  dropColumnReaders(draft, name, column, manner.cascade, site);
  dropPoliciesNaming(draft, name, column, manner.cascade, site);
  unpublishColumn(draft, name, column, manner.cascade, site);
  dropStatisticsNaming(draft, name, column);
  dropTriggersNaming(draft, name, column, manner.cascade, site);
  dropRulesNaming(draft, name, column, manner.cascade, site);
  dropGenerated(draft, name, column, manner.cascade, site);
  for (const key of keysOf(table)) {
    if (keyUses(key, column)) dropKeyReferences(draft, table, key, manner.cascade, site);
  }
  dropOwnedSequences(draft, name, column);
  dropGrantsOn(draft, pathOf(name, column));
  putTable(draft, withoutColumn(tableOf(draft, name, site), column));
};

/** ALTER TABLE ... DROP CONSTRAINT. */
export const dropConstraint = (draft: Draft, name: Full, constraint: string, manner: Manner, site: Site): void => {
  const found = tableOf(draft, name, site);
  const named = (one: { readonly name: string } | undefined): boolean => one?.name === constraint;
  const path = pathOf(name, constraint);
  const known = [
    found.primaryKey,
    ...found.uniques,
    ...found.foreignKeys,
    ...found.checks,
    ...exclusionsOf(found),
  ].some(named);
  if (!known && manner.ifExists) return;
  if (!known) contradict(`The constraint ${path} is not defined.`, path, site);
  for (const key of keysOf(found).filter(named)) dropKeyReferences(draft, found, key, manner.cascade, site);
  const { primaryKey, ...rest } = tableOf(draft, name, site);
  putTable(draft, {
    ...rest,
    ...(primaryKey && !named(primaryKey) ? { primaryKey } : {}),
    uniques: rest.uniques.filter((one) => !named(one)),
    foreignKeys: rest.foreignKeys.filter((one) => !named(one)),
    checks: rest.checks.filter((one) => !named(one)),
    indexes: rest.indexes.filter((one) => !named(one) || !isExclusion(one)),
  });
};
