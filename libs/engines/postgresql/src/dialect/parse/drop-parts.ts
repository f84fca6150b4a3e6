import { type Index, pathOf, type Table, type Unique } from '@dsem/schema';
import { columnsIn } from '../normalize/tree.js';
import { expressionTree } from '../grammar.js';
import { contradict, type Draft, keyOf, putTable, type Site, tableOf } from './draft.js';
import { type Full, sameName } from './names.js';

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

const dropReferences = (draft: Draft, target: Full, columns: readonly string[] | undefined): void => {
  for (const table of draft.tables.values()) {
    const kept = table.foreignKeys.filter(
      (key) =>
        !sameName(key.references, target) ||
        (columns !== undefined && key.references.columns.join('\0') !== columns.join('\0')),
    );
    if (kept.length < table.foreignKeys.length) putTable(draft, { ...table, foreignKeys: kept });
  }
};

/** Removes the foreign keys of other tables that point at a table, as DROP TABLE ... CASCADE does. */
export const dropReferencesTo = (draft: Draft, target: Full): void => dropReferences(draft, target, undefined);

/** Removes the sequences a column or table owns. */
export const dropOwnedSequences = (draft: Draft, table: Full, column?: string): void => {
  for (const sequence of draft.sequences.values()) {
    const owner = sequence.ownedBy;
    if (owner && sameName(owner, table) && (column === undefined || owner.column === column)) {
      draft.sequences.delete(keyOf(sequence));
    }
  }
};

/** ALTER TABLE ... DROP COLUMN. */
export const dropColumn = (
  draft: Draft,
  name: Full,
  column: string,
  ifExists: boolean,
  cascade: boolean,
  site: Site,
): void => {
  const table = tableOf(draft, name, site);
  const path = pathOf(name, column);
  if (!table.columns.some((one) => one.name === column)) {
    if (ifExists) return;
    contradict(`The column ${path} is not defined.`, path, site);
  }
  if (cascade) dropReferences(draft, name, [column]);
  dropOwnedSequences(draft, name, column);
  putTable(draft, withoutColumn(table, column));
};

/** ALTER TABLE ... DROP CONSTRAINT. */
export const dropConstraint = (draft: Draft, name: Full, constraint: string, ifExists: boolean, site: Site): void => {
  const table = tableOf(draft, name, site);
  const named = (one: { readonly name: string } | undefined): boolean => one?.name === constraint;
  const path = pathOf(name, constraint);
  const found = [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks].some(named);
  if (!found && ifExists) return;
  if (!found) contradict(`The constraint ${path} is not defined.`, path, site);
  const { primaryKey, ...rest } = table;
  putTable(draft, {
    ...rest,
    ...(primaryKey && !named(primaryKey) ? { primaryKey } : {}),
    uniques: table.uniques.filter((one) => !named(one)),
    foreignKeys: table.foreignKeys.filter((one) => !named(one)),
    checks: table.checks.filter((one) => !named(one)),
  });
};
