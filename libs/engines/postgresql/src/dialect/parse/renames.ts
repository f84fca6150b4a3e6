import type { AlterObjectSchemaStmt, RenameStmt } from '@pgsql/types';
import { applyChanges, type Change, emptySchema, normalizeSchema, pathOf, type Schema, type Table } from '@dsem/schema';
import {
  contradict,
  type Draft,
  keyOf,
  missing,
  putTable,
  putView,
  refuse,
  removeTable,
  removeView,
  type Site,
} from './draft.js';
import { type Full, nameOfNode, partsOfNode, relationOf } from './names.js';

/** Renames on the model follow references, so the draft's tables and sequences pass through `applyChanges`. */
const through = (draft: Draft, change: Change): void => {
  const before: Schema = {
    ...emptySchema('postgresql'),
    tables: [...draft.tables.values()],
    sequences: [...draft.sequences.values()],
  };
  const after = applyChanges(normalizeSchema(before), [change]);
  for (const table of [...draft.tables.values()]) removeTable(draft, table);
  for (const table of after.tables) putTable(draft, table);
  draft.sequences.clear();
  for (const sequence of after.sequences) draft.sequences.set(keyOf(sequence), sequence);
};

const moveRelation = (draft: Draft, from: Full, to: Full, site: Site): void => {
  const sequence = draft.sequences.get(keyOf(from));
  const view = draft.views.get(keyOf(from));
  if (draft.tables.has(keyOf(from))) through(draft, { kind: 'rename-table', object: pathOf(from), from, to });
  else if (view) {
    removeView(draft, view);
    putView(draft, { ...view, ...to });
  } else if (sequence) {
    draft.sequences.delete(keyOf(from));
    draft.sequences.set(keyOf(to), { ...sequence, ...to });
  } else missing('relation', from, site);
};

const renameIndex = (draft: Draft, from: Full, to: string, site: Site): void => {
  const owner = draft.indexOwners.get(keyOf(from));
  const table = draft.tables.get(owner ?? '');
  const view = draft.views.get(owner ?? '');
  if (table) putTable(draft, renamedPart(table, from.name, to));
  else if (view) {
    const indexes = (view.indexes ?? []).map((one) => (one.name === from.name ? { ...one, name: to } : one));
    removeView(draft, view);
    putView(draft, { ...view, indexes });
  } else missing('index', from, site);
};

const renamedPart = (table: Table, from: string, to: string): Table => {
  const rename = <Part extends { readonly name: string }>(part: Part): Part =>
    part.name === from ? { ...part, name: to } : part;
  return {
    ...table,
    ...(table.primaryKey ? { primaryKey: rename(table.primaryKey) } : {}),
    uniques: table.uniques.map(rename),
    checks: table.checks.map(rename),
    foreignKeys: table.foreignKeys.map(rename),
    indexes: table.indexes.map(rename),
  };
};

const renameConstraint = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const table = draft.tables.get(keyOf(name)) ?? missing('table', name, site);
  putTable(draft, renamedPart(table, from, to));
};

const renameColumn = (draft: Draft, name: Full, from: string, to: string, site: Site): void => {
  const table = draft.tables.get(keyOf(name));
  if (!table && draft.views.has(keyOf(name)))
    refuse('Renaming a column of a view is not supported', pathOf(name), site);
  if (!table) missing('table', name, site);
  const path = pathOf(name, from);
  if (!table?.columns.some((one) => one.name === from)) contradict(`The column ${path} is not defined.`, path, site);
  through(draft, { kind: 'rename-column', object: path, table: name, from, to });
};

const renameIn = <Value extends { readonly name: string }>(
  map: Map<string, Value>,
  key: string,
  to: string,
  next: string,
) => {
  const found = map.get(key);
  if (!found) return false;
  map.delete(key);
  map.set(next, { ...found, name: to });
  return true;
};

/** ALTER ... RENAME. */
export const renameObject = (draft: Draft, statement: RenameStmt, site: Site): void => {
  const from = statement.relation ? relationOf(statement.relation) : nameOfNode(statement.object);
  const to = statement.newname ?? '';
  const sub = statement.subname ?? '';
  switch (statement.renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
      if (draft.indexOwners.has(keyOf(from))) return renameIndex(draft, from, to, site);
      return moveRelation(draft, from, { ...from, name: to }, site);
    case 'OBJECT_INDEX':
      return renameIndex(draft, from, to, site);
    case 'OBJECT_COLUMN':
      return renameColumn(draft, from, sub, to, site);
    case 'OBJECT_TABCONSTRAINT':
      return renameConstraint(draft, from, sub, to, site);
    case 'OBJECT_TYPE':
      if (draft.tables.size > 0) refuse('Renaming a type that tables may use is not supported', pathOf(from), site);
      if (!renameIn(draft.types, keyOf(from), to, keyOf({ ...from, name: to }))) missing('type', from, site);
      return undefined;
    default:
      return refuse(
        `Renaming ${(statement.renameType ?? '').replace('OBJECT_', '')} is not supported`,
        pathOf(from),
        site,
      );
  }
};

/** ALTER ... SET SCHEMA. */
export const moveObject = (draft: Draft, statement: AlterObjectSchemaStmt, site: Site): void => {
  const from = statement.relation ? relationOf(statement.relation) : nameOfNode(statement.object);
  if (statement.objectType === 'OBJECT_EXTENSION') {
    const name = partsOfNode(statement.object).at(-1) ?? '';
    const extension = draft.extensions.get(name) ?? missing('extension', { name }, site);
    draft.extensions.set(name, { ...extension, namespace: statement.newschema ?? '' });
  } else if (statement.relation) moveRelation(draft, from, { ...from, namespace: statement.newschema ?? '' }, site);
  else refuse('SET SCHEMA of this object is not supported', pathOf(from), site);
};
