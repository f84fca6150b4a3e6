import {
  allColumns,
  type Check,
  type Column,
  type ColumnOverride,
  type FindTable,
  type ForeignKey,
  type Index,
  type IndexKey,
  type Noun,
  type Table,
} from '@dsem/schema';
import { type ForeignOptions, openOptions } from '../foreign.js';
import { expressionTree } from '../grammar.js';
import { isDefaultOpclass } from '../opclasses.js';
import { withoutAttribute } from '../parse/marks.js';
import { defaultNamespace, placed } from '../types.js';
import { nameParts, normalTypeText } from '../type-names.js';
import { collationOf } from './collation.js';
import { asRead, normalColumn, normalType } from './columns.js';
import { normalDefault, normalExpression, type Owner } from './expression.js';
import type { KnownTypes } from './known-types.js';
import { normalPartitioning } from './partitioning.js';

const bareColumn = (expression: string): string | undefined => {
  const tree = expressionTree(expression);
  const parts = 'ColumnRef' in tree ? nameParts(tree.ColumnRef.fields) : [];
  return parts.length === 1 ? parts[0] : undefined;
};

/** A key of a column has the column's collation unless it says another one, an expression that of what it is made of. */
const withoutOwnCollation = (key: IndexKey, owner: Owner): IndexKey => {
  const { attributes, ...rest } = key;
  const { collation, ...others } = attributes ?? {};
  const own =
    key.expression === undefined
      ? owner.columns.get(key.column ?? '')?.attributes?.['collation']
      : collationOf(expressionTree(key.expression), owner);
  if (collation === undefined || collation !== own) return key;
  return Object.keys(others).length === 0 ? rest : { ...rest, attributes: others };
};

/** The operator class that the server takes by itself is said only where it has parameters. */
const withoutOwnOpclass = (key: IndexKey, method: string | undefined): IndexKey => {
  const { opclass, opclassOptions } = key.attributes ?? {};
  if (typeof opclass !== 'string' || opclassOptions !== undefined || !isDefaultOpclass(opclass, method)) return key;
  return withoutAttribute(key, 'opclass');
};

const normalKey = (key: IndexKey, owner: Owner, method: string | undefined): IndexKey => {
  const { expression, nulls, ...rest } = withoutOwnOpclass(withoutOwnCollation(key, owner), method);
  const redundant = nulls === (key.order === 'desc' ? 'first' : 'last');
  const kept: IndexKey = nulls === undefined || redundant ? rest : { ...rest, nulls };
  if (expression === undefined) return kept;
  const text = normalExpression(expression, owner);
  const column = bareColumn(text);
  return column !== undefined && owner.columns.has(column) ? { ...kept, column } : { ...kept, expression: text };
};

/** One index of a table or materialized view in normal form. */
export const normalIndex = (index: Index, owner: Owner): Index => {
  const { method, predicate, ...rest } = index;
  return {
    ...rest,
    keys: index.keys.map((key) => normalKey(key, owner, method)),
    ...(method === undefined || method === 'btree' ? {} : { method }),
    ...(predicate === undefined ? {} : { predicate: normalExpression(predicate, owner) }),
  };
};

const normalCheck = (check: Check, owner: Owner): Check => ({
  ...check,
  expression: normalExpression(check.expression, owner),
});

const normalForeignKey = (key: ForeignKey): ForeignKey => ({
  ...key,
  references: { ...placed(key.references), columns: key.references.columns },
});

/** The names a table's expressions may use. */
export const ownerOf = (name: string, columns: readonly Column[]): Owner => ({
  name,
  columns: new Map(columns.map((column) => [column.name, column])),
});

const normalOverride = (override: ColumnOverride, owner: Owner): ColumnOverride => {
  const column = owner.columns.get(override.name);
  if (column === undefined || typeof override.default !== 'string') return override;
  return { ...override, default: normalDefault(override.default, column, owner) ?? null };
};

const normalFamily = (table: Table, owner: Owner): Partial<Table> => {
  const { partitioning, overrides } = table;
  return {
    ...(partitioning && { partitioning: normalPartitioning(partitioning, owner) }),
    ...(overrides && { overrides: overrides.map((override) => normalOverride(override, owner)) }),
  };
};

const withTypes = (columns: readonly Column[], known: KnownTypes): readonly Column[] =>
  columns.map((column) => ({ ...column, type: normalType(column.type, known) }));

/** No option of a foreign table or its columns that may hold a secret is kept. */
const openAttributes = ({ attributes }: Pick<Noun, 'attributes'>): Pick<Noun, 'attributes'> => {
  if (attributes?.['foreignOptions'] === undefined) return {};
  const { foreignOptions, ...rest } = attributes;
  const open = openOptions(foreignOptions as ForeignOptions);
  return { attributes: { ...rest, ...(open ? { foreignOptions: open } : {}) } };
};

/** The type of a typed table in the spelling of types of columns. */
const typedAttributes = ({ attributes }: Pick<Noun, 'attributes'>): Pick<Noun, 'attributes'> =>
  typeof attributes?.['ofType'] === 'string'
    ? { attributes: { ...attributes, ofType: normalTypeText(attributes['ofType']) } }
    : attributes
      ? { attributes }
      : {};

/** One table in normal form; `find` knows its parents. */
export const normalTable = (table: Table, known: KnownTypes, find: FindTable): Table => {
  const typed = withTypes(table.columns, known);
  const all = withTypes(allColumns(table, find), known).map((column) => asRead(column, known));
  const owner = ownerOf(table.name, all);
  const key = new Set(table.primaryKey?.columns);
  const required = typed.map((column) => (key.has(column.name) ? { ...column, nullable: false } : column));
  return {
    ...table,
    namespace: table.namespace ?? defaultNamespace,
    columns: required.map((column) => normalColumn({ ...column, ...openAttributes(column) }, owner, known)),
    foreignKeys: table.foreignKeys.map(normalForeignKey),
    checks: table.checks.map((check) => normalCheck(check, owner)),
    indexes: table.indexes.map((index) => normalIndex(index, owner)),
    ...normalFamily(table, owner),
    ...typedAttributes({ ...table, ...openAttributes(table) }),
  };
};
