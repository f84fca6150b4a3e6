import type { ATAlterConstraint, Constraint } from '@pgsql/types';
import { type Attributes, type Index, pathOf, type Table } from '@dsem/schema';
import { contradict, type Draft, missing, putTable, refuse, type Site, tableOf } from './draft.js';
import type { Full } from './names.js';

const isWhole = (index: Index): boolean =>
  index.unique === true &&
  index.predicate === undefined &&
  index.keys.every((key) => key.column !== undefined && key.order === undefined && key.nulls === undefined);

const attributesOf = (node: Constraint, index: Index): { readonly attributes?: Attributes } => {
  const attributes = {
    ...(node.deferrable ? { deferrable: true } : {}),
    ...(node.initdeferred ? { initiallyDeferred: true } : {}),
    ...(index.attributes?.nullsNotDistinct ? { nullsNotDistinct: true } : {}),
    ...(index.include ? { include: index.include } : {}),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

/** ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's and takes its name. */
export const addUsingIndex = (draft: Draft, name: Full, node: Constraint, site: Site): void => {
  const table = tableOf(draft, name, site);
  const path = pathOf(name, node.indexname ?? '');
  const index = table.indexes.find((one) => one.name === node.indexname);
  if (!index) return missing('index', { namespace: name.namespace, name: node.indexname ?? '' }, site);
  if (!isWhole(index)) return contradict(`The index ${path} cannot back a constraint.`, path, site);
  if (index.attributes?.options) refuse('Storage of a constraint is not supported', path, site);
  const columns = index.keys.flatMap((key) => (key.column === undefined ? [] : [key.column]));
  const key = { name: node.conname ?? index.name, columns, ...attributesOf(node, index) };
  const rest = { ...table, indexes: table.indexes.filter((one) => one !== index) };
  if (node.contype !== 'CONSTR_PRIMARY') return putTable(draft, { ...rest, uniques: [...table.uniques, key] });
  if (table.primaryKey) contradict(`The table ${pathOf(name)} has a primary key.`, pathOf(name), site);
  const required = table.columns.map((one) => (columns.includes(one.name) ? { ...one, nullable: false } : one));
  return putTable(draft, { ...rest, columns: required, primaryKey: key });
};

const altered = (
  attributes: Attributes | undefined,
  change: ATAlterConstraint,
): { readonly attributes?: Attributes } => {
  const { deferrable: _d, initiallyDeferred: _i, notEnforced: _n, ...rest } = attributes ?? {};
  const deferral = change.alterDeferrability
    ? {
        ...(change.deferrable ? { deferrable: true } : {}),
        ...(change.initdeferred ? { initiallyDeferred: true } : {}),
      }
    : { ...(_d ? { deferrable: true } : {}), ...(_i ? { initiallyDeferred: true } : {}) };
  const isEnforced = change.alterEnforceability ? (change.is_enforced ?? false) : _n === undefined;
  const made = { ...rest, ...deferral, ...(isEnforced ? {} : { notEnforced: true }) };
  return Object.keys(made).length === 0 ? {} : { attributes: made };
};

/** ALTER CONSTRAINT, which the server has for foreign keys. */
export const alterConstraint = (draft: Draft, name: Full, change: ATAlterConstraint, site: Site): void => {
  const table: Table = tableOf(draft, name, site);
  const path = pathOf(name, change.conname ?? '');
  if (!table.foreignKeys.some((key) => key.name === change.conname))
    contradict(`The foreign key ${path} is not defined.`, path, site);
  const foreignKeys = table.foreignKeys.map((key) => {
    const { attributes, ...rest } = key;
    return key.name === change.conname ? { ...rest, ...altered(attributes, change) } : key;
  });
  putTable(draft, { ...table, foreignKeys });
};
