import type { Constraint, Node } from '@pgsql/types';
import {
  type Attributes,
  type Check,
  type Column,
  type ForeignKey,
  type Index,
  pathOf,
  type ReferentialAction,
  type Table,
  type Unique,
} from '@dsem/schema';
import { exclusionsOf } from '../exclusion.js';
import { expressionTree, printTree } from '../grammar.js';
import { columnsIn } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { constraintName, joinedColumns, relationName } from './auto-names.js';
import type { Written } from './columns.js';
import {
  already,
  contradict,
  type Draft,
  keyOf,
  type OpenReference,
  putTable,
  refuse,
  type Site,
  tableOf,
} from './draft.js';
import { addExclusion } from './exclusions.js';
import type { Faults } from './faults.js';
import { renamedMarks } from '../index-marks.js';
import { type Full, relationOf } from './names.js';
import { checkNotNull, notNullAs } from './not-null.js';
import { storageOptions } from './options.js';

const actions: { readonly [letter: string]: ReferentialAction } = {
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

const attributesOf = (node: Constraint, more: Attributes = {}): { readonly attributes?: Attributes } => {
  const attributes = {
    ...(node.deferrable ? { deferrable: true } : {}),
    ...(node.initdeferred ? { initiallyDeferred: true } : {}),
    ...more,
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

const keyAttributes = (node: Constraint): { readonly attributes?: Attributes } =>
  attributesOf(node, {
    ...(node.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
    ...((node.including ?? []).length > 0 ? { include: nameParts(node.including) } : {}),
    ...(node.without_overlaps ? { withoutOverlaps: true } : {}),
    ...(storageOptions(node.options) ? { options: storageOptions(node.options)! } : {}),
  });

/** Constraints the server names and builds first: checks, then the primary key, then uniques, then foreign keys. */
export const inServerOrder = (written: readonly Written[]): readonly Written[] => {
  const rank = (one: Written): number =>
    ['CONSTR_CHECK', 'CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN'].indexOf(
      one.node.contype === 'CONSTR_EXCLUSION' ? 'CONSTR_UNIQUE' : (one.node.contype ?? ''),
    );
  return [...written].sort((one, other) => rank(one) - rank(other));
};

const keyColumns = (table: Table, { node, column }: Written, site: Site): readonly string[] => {
  const columns = node.keys ? nameParts(node.keys) : column === undefined ? [] : [column];
  for (const name of columns) {
    const path = pathOf(table, name);
    if (!table.columns.some((one) => one.name === name)) contradict(`The column ${path} is not defined.`, path, site);
  }
  return columns;
};

const taken = (table: Table, name: string, site: Site): void => {
  const path = pathOf(table, name);
  already(`The table ${pathOf(table)} has two constraints or indexes named ${name}.`, path, site);
};

const keyName = (draft: Draft, table: Table, node: Constraint, columns: readonly string[]): string => {
  if (node.conname !== undefined) return node.conname;
  const included = nameParts(node.including);
  return node.contype === 'CONSTR_PRIMARY'
    ? relationName(draft, table, undefined, 'pkey', true)
    : relationName(draft, table, joinedColumns([...columns, ...included]), 'key', true);
};

const notNull = (table: Table, columns: readonly string[]): readonly Column[] =>
  table.columns.map((column) => (columns.includes(column.name) ? { ...column, nullable: false } : column));

const addKey = (draft: Draft, table: Table, key: Unique, primary: boolean, site: Site): void => {
  if (!primary) return putTable(draft, { ...table, uniques: [...table.uniques, key] });
  if (table.primaryKey) already(`The table ${pathOf(table)} has two primary keys.`, pathOf(table), site);
  putTable(draft, { ...table, primaryKey: key, columns: notNull(table, key.columns) });
};

const promoted = (draft: Draft, table: Table, node: Constraint, site: Site): void => {
  const path = pathOf(table, node.indexname ?? '');
  const found = table.indexes.find((index) => index.name === node.indexname);
  const index: Index = found ?? contradict(`The index ${path} is not defined.`, path, site);
  const columns = index.keys.flatMap((key) => (key.column === undefined ? [] : [key.column]));
  if (!index.unique || index.predicate || columns.length !== index.keys.length) {
    contradict(`The index ${path} cannot become a constraint.`, path, site);
  }
  const extra: Attributes = {
    ...(index.attributes?.nullsNotDistinct ? { nullsNotDistinct: true } : {}),
    ...(index.attributes?.options ? { options: index.attributes.options } : {}),
    ...(index.include && index.include.length > 0 ? { include: index.include } : {}),
  };
  const key = { name: node.conname ?? index.name, columns, ...attributesOf(node, extra) };
  const rest = { ...table, indexes: table.indexes.filter((one) => one !== index) };
  addKey(draft, renamedMarks(rest, index.name, key.name), key, node.contype === 'CONSTR_PRIMARY', site);
};

const addIndexed = (draft: Draft, table: Table, written: Written, site: Site): void => {
  const { node } = written;
  if (node.indexname !== undefined) return promoted(draft, table, node, site);
  if (node.indexspace !== undefined) refuse('A tablespace is not supported', pathOf(table), site);
  const columns = keyColumns(table, written, site);
  const name = keyName(draft, table, node, columns);
  const clash = draft.indexOwners.has(keyOf({ namespace: table.namespace ?? '', name }));
  if (clash) taken(table, name, site);
  addKey(draft, table, { name, columns, ...keyAttributes(node) }, node.contype === 'CONSTR_PRIMARY', site);
};

const onlyColumn = (expression: Node, table: Table): string | undefined => {
  const known = new Set(table.columns.map((column) => column.name));
  const used = new Set(columnsIn(expression).filter((name) => known.has(name)));
  return used.size === 1 ? [...used][0] : undefined;
};

const checkOf = (draft: Draft, table: Table, node: Constraint, creating: boolean): Check => {
  const text = printTree(node.raw_expr ?? expressionTree('true'));
  const name =
    node.conname ?? constraintName(draft, table, node.raw_expr && onlyColumn(node.raw_expr, table), 'check', []);
  const extra = {
    ...(node.is_no_inherit ? { noInherit: true } : {}),
    ...(node.is_enforced === undefined || node.is_enforced === false ? { notEnforced: true } : {}),
  };
  const unchecked = (node.skip_validation ?? false) && !creating && node.is_enforced === true;
  return { name, expression: text, ...attributesOf(node, extra), ...(unchecked ? { validated: false as const } : {}) };
};

const action = (letter: string | undefined): ReferentialAction | undefined => actions[letter ?? ''];

const referenceOf = (
  draft: Draft,
  table: Table,
  { node, column }: Written,
  creating: boolean,
  site: Site,
): ForeignKey => {
  const columns = column === undefined ? nameParts(node.fk_attrs) : [column];
  keyColumns(table, { node: { keys: columns.map((sval) => ({ String: { sval } })) } }, site);
  const name = node.conname ?? constraintName(draft, table, joinedColumns(columns), 'fkey', []);
  const target: Full = relationOf(node.pktable);
  const [onDelete, onUpdate] = [action(node.fk_del_action), action(node.fk_upd_action)];
  const extra = {
    ...(node.fk_matchtype === 'f' ? { match: 'full' } : {}),
    ...(node.fk_with_period ? { period: true } : {}),
    ...((node.fk_del_set_cols ?? []).length > 0 ? { onDeleteColumns: nameParts(node.fk_del_set_cols) } : {}),
    ...(node.is_enforced ? {} : { notEnforced: true }),
  };
  return {
    name,
    columns,
    references: { ...target, columns: nameParts(node.pk_attrs) },
    ...(onDelete ? { onDelete } : {}),
    ...(onUpdate ? { onUpdate } : {}),
    ...attributesOf(node, extra),
    ...(node.skip_validation && !creating && node.is_enforced ? { validated: false as const } : {}),
  };
};

/** A NOT NULL that stands as a constraint is the column's. */
const addNotNull = (draft: Draft, table: Table, written: Written, creating: boolean, site: Site): void => {
  checkNotNull(written.node, table, creating, site);
  const names = keyColumns(table, written, site);
  const columns = table.columns.map((one) => (names.includes(one.name) ? notNullAs(one, written.node) : one));
  putTable(draft, { ...table, columns });
};

/** Adds one constraint to a table that is in the draft; `creating` inside CREATE TABLE, where NOT VALID means nothing. */
export const addConstraint = (draft: Draft, name: Full, written: Written, creating: boolean, site: Site): void => {
  const table = tableOf(draft, name, site);
  const { node } = written;
  const given = node.conname;
  const named = [...table.checks, ...table.foreignKeys, ...table.uniques, ...exclusionsOf(table)].some(
    (one) => one.name === given,
  );
  if (given !== undefined && named) taken(table, given, site);
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return addIndexed(draft, table, written, site);
    case 'CONSTR_CHECK':
      return putTable(draft, { ...table, checks: [...table.checks, checkOf(draft, table, node, creating)] });
    case 'CONSTR_FOREIGN': {
      const foreignKey = referenceOf(draft, table, written, creating, site);
      if (foreignKey.references.columns.length === 0) {
        draft.openReferences.push({ table: keyOf(table), constraint: foreignKey.name, site });
      }
      return putTable(draft, { ...table, foreignKeys: [...table.foreignKeys, foreignKey] });
    }
    case 'CONSTR_EXCLUSION':
      if (node.indexspace !== undefined) refuse('A tablespace is not supported', pathOf(table), site);
      if (given !== undefined && draft.indexOwners.has(keyOf({ namespace: table.namespace ?? '', name: given })))
        taken(table, given, site);
      return addExclusion(draft, table, node, site);
    case 'CONSTR_NOTNULL':
      return addNotNull(draft, table, written, creating, site);
    default:
      return refuse(`A constraint of kind ${node.contype ?? 'unknown'} is not supported`, pathOf(table), site);
  }
};

const closeReference = (draft: Draft, { table: key, constraint, site }: OpenReference): void => {
  const table = draft.tables.get(key);
  const foreignKey = table?.foreignKeys.find((one) => one.name === constraint);
  if (!table || !foreignKey || foreignKey.references.columns.length > 0) return;
  const target = tableOf(draft, foreignKey.references, site);
  const columns = target.primaryKey?.columns;
  const path = pathOf(target);
  if (!columns) return contradict(`The table ${path} has no primary key to refer to.`, path, site);
  const closed = { ...foreignKey, references: { ...foreignKey.references, columns } };
  putTable(draft, { ...table, foreignKeys: table.foreignKeys.map((one) => (one === foreignKey ? closed : one)) });
};

/** Fills in the primary key for foreign keys that named no columns, once all tables are known. */
export const closeReferences = (draft: Draft, faults: Faults): void => {
  for (const reference of draft.openReferences) faults.collect(() => closeReference(draft, reference));
};
