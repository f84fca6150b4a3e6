import type { Node } from '@pgsql/types';
import {
  equal,
  type ForeignKey,
  type Index,
  type IndexKey,
  type PrimaryKey,
  type Table,
  type Unique,
} from '@dsem/schema';
import { expressionTree } from '../grammar.js';
import { asBuilt } from '../as-built.js';
import { exclusionsOf, isExclusion } from '../exclusion.js';
import { serverOf } from '../foreign.js';
import { normalExpression } from '../normalize/expression.js';
import { ownerOf } from '../normalize/tables.js';
import { constraintName, indexColumnNames, joinedColumns, relationName } from './auto-names.js';
import { type Draft, keyOf, putTable } from './draft.js';
import { asOwn, inheritedFrom, isCopyOf, isInherited, isWaiting } from './marks.js';
import type { Full } from './names.js';

const element = ({ column, expression }: IndexKey): Node =>
  expression === undefined
    ? { IndexElem: { name: column ?? '' } }
    : { IndexElem: { expr: expressionTree(expression) } };

/** What the server calls the columns of an index that it names itself. */
export const indexColumns = (keys: readonly IndexKey[], include: readonly string[] = []): string =>
  joinedColumns(indexColumnNames([...keys.map(element), ...include.map((name) => element({ column: name }))]));

/** The columns a key includes beside its own. */
export const includedOf = (key: Unique): readonly string[] =>
  (key.attributes?.include as readonly string[] | undefined) ?? [];

/** What two parts must share to be the same one under different names. */
const bare = <Part extends Pick<Index, 'name' | 'comment' | 'attributes'>>(part: Part): Part => {
  const { comment: _, ...rest } = asOwn(part);
  return { ...rest, name: '' } as Part;
};

/** An index in a form in which two spellings of one expression are equal. */
const comparable = (index: Index, table: Table): unknown => {
  const owner = ownerOf(table.name, table.columns);
  const text = (expression: string | undefined) =>
    expression === undefined ? undefined : normalExpression(expression, owner);
  return {
    ...bare(asBuilt(index)),
    keys: asBuilt(index).keys.map((key) => ({ ...key, expression: text(key.expression) })),
    predicate: text(index.predicate),
  };
};

/** Replaces a part by itself under the mark of its origin, or adds a copy with a name of its own. */
const taken = <Part extends Index | Unique | ForeignKey>(
  own: readonly Part[],
  from: Part,
  isSame: (part: Part) => boolean,
  named: () => string,
): readonly Part[] => {
  if (own.some((one) => isCopyOf(one, from.name))) return own;
  const found = own.find((one) => !isInherited(one) && isSame(one));
  if (found) return own.map((one) => (one === found ? inheritedFrom(one, from.name) : one));
  return [...own, inheritedFrom({ ...bare(from), name: named() }, from.name)];
};

const withKey = (draft: Draft, child: Table, key: PrimaryKey): Table => {
  const own = child.primaryKey;
  if (own && isCopyOf(own, key.name)) return child;
  const columns = child.columns.map((one) => (key.columns.includes(one.name) ? { ...one, nullable: false } : one));
  if (own && equal(bare(own), bare(key))) return { ...child, columns, primaryKey: inheritedFrom(own, key.name) };
  const name = relationName(draft, child, undefined, 'pkey', true);
  return { ...child, columns, primaryKey: inheritedFrom({ ...bare(key), name }, key.name) };
};

const withUnique = (draft: Draft, child: Table, key: Unique, adopt: boolean): Table => {
  const isSame = (one: Unique): boolean => adopt && equal(bare(one), bare(key));
  const named = (): string =>
    relationName(draft, child, joinedColumns([...key.columns, ...includedOf(key)]), 'key', true);
  return { ...child, uniques: taken(child.uniques, key, isSame, named) };
};

const withIndex = (draft: Draft, child: Table, index: Index, adopt: boolean): Table => {
  const wanted = comparable(index, child);
  const excludes = isExclusion(index); // the server never takes one for another
  const isSame = (one: Index): boolean => adopt && !excludes && equal(comparable(one, child), wanted);
  const named = (): string =>
    relationName(draft, child, indexColumns(index.keys, index.include), excludes ? 'excl' : 'idx', excludes);
  return { ...child, indexes: taken(child.indexes, asBuilt(index), isSame, named) };
};

const constraintsOn = (table: Table): readonly string[] =>
  [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...exclusionsOf(table)].flatMap((one) =>
    one ? [one.name] : [],
  );

const withForeignKey = (draft: Draft, child: Table, key: ForeignKey, adopt: boolean): Table => {
  const shape = ({ validated: _, ...one }: ForeignKey): unknown => bare(one);
  const isSame = (one: ForeignKey): boolean => adopt && equal(shape(one), shape(key));
  const named = (): string =>
    constraintsOn(child).includes(key.name)
      ? constraintName(draft, child, joinedColumns(key.columns), 'fkey', [])
      : key.name;
  return { ...child, foreignKeys: taken(child.foreignKeys, key, isSame, named) };
};

/**
 * Gives a partition its copies of the parent's keys, indexes and foreign keys. Its own equal ones become them where
 * `adopt` says so, as they do on a server; a state tells them from the copies. A foreign table has none.
 */
export const addPartitionCopies = (draft: Draft, name: Full, parent: Table, adopt: boolean): void => {
  if (serverOf(draft.tables.get(keyOf(name)) ?? parent) !== undefined) return;
  const step = (add: (child: Table) => Table): void => {
    const child = draft.tables.get(keyOf(name));
    if (child) putTable(draft, add(child));
  };
  const key = parent.primaryKey;
  if (key && !isWaiting(key)) step((child) => withKey(draft, child, key));
  for (const unique of parent.uniques) if (!isWaiting(unique)) step((child) => withUnique(draft, child, unique, adopt));
  for (const index of parent.indexes) if (index.valid !== false) step((child) => withIndex(draft, child, index, adopt));
  for (const foreignKey of parent.foreignKeys) step((child) => withForeignKey(draft, child, foreignKey, adopt));
};

/** A table without its copies of a parent's part. */
export const withoutCopies = (table: Table, origin: string): Table => {
  const { primaryKey, ...rest } = table;
  const kept = (part: Index | Unique | ForeignKey): boolean => !isCopyOf(part, origin);
  return {
    ...rest,
    ...(primaryKey && kept(primaryKey) ? { primaryKey } : {}),
    uniques: table.uniques.filter(kept),
    indexes: table.indexes.filter(kept),
    foreignKeys: table.foreignKeys.filter(kept),
  };
};
