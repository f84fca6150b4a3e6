import {
  type Column,
  type ColumnOverride,
  equal,
  type FindTable,
  InconsistentDefinition,
  inheritedColumns,
  parentsOf,
  pathOf,
  type Table,
  tableFinder,
  type Unique,
} from '@dsem/schema';
import { nullableBelow } from '../not-null.js';
import { asOwn, isInherited } from '../parse/marks.js';
import { normalBound } from './bounds.js';
import { keyAttributes, keyTypes } from './partitioning.js';
import { ownerOf } from './tables.js';

const refuse = (object: string, detail: string): never => {
  throw new InconsistentDefinition(`${object}: ${detail}`, { object });
};

/** Attributes a child has of its own; a collation comes with the type. */
const ownAttributes = ({ attributes }: Pick<Column, 'attributes'>): Column['attributes'] => {
  const { inherited: _, collation: __, ...rest } = attributes ?? {};
  return Object.keys(rest).length === 0 ? undefined : rest;
};

const checkType = (table: Table, column: Column, parent: Column | undefined): void => {
  if (parent === undefined || column.type.native === parent.type.native) return;
  const path = pathOf(table, column.name);
  refuse(path, `it is ${column.type.native} here and ${parent.type.native} in the parent.`);
};

const checkAlike = (table: Table, column: Column, parent: Column): void => {
  const path = pathOf(table, column.name);
  checkType(table, column, parent);
  if (!equal(column.generated, parent.generated))
    refuse(path, 'it is computed in another way than in the parent, which is not supported.');
  if (column.identity !== undefined && parent.identity === undefined)
    refuse(path, 'an identity of its own in an inherited column is not supported.');
};

/** What differs in an inherited column; undefined where nothing does. */
const overrideOf = (table: Table, column: Column, parent: Column): ColumnOverride | undefined => {
  checkAlike(table, column, parent);
  const attributes = ownAttributes(column);
  const changed: Omit<ColumnOverride, 'name'> = {
    ...(column.default === parent.default ? {} : { default: column.default ?? null }),
    ...(column.nullable === nullableBelow(parent) ? {} : { nullable: column.nullable }),
    ...(column.comment === undefined ? {} : { comment: column.comment }),
    ...(attributes === undefined ? {} : { attributes }),
  };
  return Object.keys(changed).length === 0 ? undefined : { name: column.name, ...changed };
};

/** A table with what it has beside its parents: everything else stands there. */
export const apartFromParents = (table: Table, find: FindTable): Table => {
  if (parentsOf(table).length === 0) return table;
  const inherited = inheritedColumns(table, find);
  const isOwn = (column: Column): boolean => !isInherited(column) && table.partitionOf === undefined;
  const overrides = table.columns.flatMap((column) => {
    const parent = inherited.get(column.name);
    if (isOwn(column)) {
      checkType(table, column, parent);
      return [];
    }
    if (parent === undefined)
      return refuse(pathOf(table, column.name), 'a child has this column from a parent that does not have it.');
    return overrideOf(table, column, parent) ?? [];
  });
  const { primaryKey, ...rest } = table;
  return {
    ...rest,
    columns: table.columns.filter(isOwn).map(asOwn),
    ...(primaryKey === undefined || isInherited(primaryKey) ? {} : { primaryKey }),
    uniques: table.uniques.filter((one) => !isInherited(one)),
    foreignKeys: table.foreignKeys.filter((one) => !isInherited(one)),
    checks: table.checks.filter((one) => !isInherited(one)),
    indexes: table.indexes.filter((one) => !isInherited(one)),
    overrides: [...(table.overrides ?? []), ...overrides],
  };
};

const withBound = (table: Table, find: FindTable): Table => {
  const { partitionOf } = table;
  const parent = partitionOf && find(partitionOf);
  if (!partitionOf || !parent?.partitioning) return table;
  const inherited = ownerOf(parent.name, allOf(parent, find));
  const bound = normalBound(partitionOf.bound, keyTypes(parent.partitioning, inherited), pathOf(table));
  return { ...table, partitionOf: { ...partitionOf, bound } };
};

const allOf = (table: Table, find: FindTable): readonly Column[] => [
  ...inheritedColumns(table, find).values(),
  ...table.columns,
];

const partitionKeysOf = (table: Table): readonly string[] => table.partitioning?.keys ?? [];

/** The server can keep values unique only inside one partition, so a key has to tell the partition. */
const checkKey = (table: Table, name: string, columns: readonly string[], needed: Table): void => {
  const [expression] = keyAttributes(needed.partitioning!).flatMap((one, at) =>
    one.expression ? [needed.partitioning!.keys[at]!] : [],
  );
  const path = pathOf(table, name);
  if (expression !== undefined)
    refuse(path, `a table that is partitioned by the expression ${expression} cannot have a unique key.`);
  const missing = partitionKeysOf(needed).find((key) => !columns.includes(key));
  if (missing !== undefined)
    refuse(path, `a unique key of a partitioned table must contain the partition key ${pathOf(needed, missing)}.`);
};

const uniqueKeys = (table: Table): readonly Unique[] => [
  ...(table.primaryKey ? [table.primaryKey] : []),
  ...table.uniques,
  ...table.indexes
    .filter(({ unique }) => unique === true)
    .map(({ name, keys }) => ({ name, columns: keys.flatMap(({ column }) => (column === undefined ? [] : [column])) })),
];

const checkKeys = (table: Table, find: FindTable): void => {
  if (!table.partitioning) return;
  for (let holder: Table | undefined = table; holder;) {
    for (const { name, columns } of uniqueKeys(holder)) checkKey(holder, name, columns, table);
    holder = holder.partitionOf && find(holder.partitionOf);
  }
};

/** Tables in normal form, without what their parents hold. @throws InconsistentDefinition naming the object. */
export const normalFamilies = (tables: readonly Table[]): readonly Table[] => {
  const find = tableFinder({ tables });
  const made = tables.map((table) => apartFromParents(withBound(table, find), find));
  const found = tableFinder({ tables: made });
  for (const table of made) checkKeys(table, found);
  return made;
};
