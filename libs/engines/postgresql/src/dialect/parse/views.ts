import type { CreateTableAsStmt, SelectStmt, ViewStmt } from '@pgsql/types';
import { type Attributes, type Body, pathOf, type View } from '@dsem/schema';
import { withPlainNumbers } from '../exponents.js';
import { printTree } from '../grammar.js';
import { resolveQuery } from '../normalize/query.js';
import { relationsIn } from '../normalize/relations.js';
import { nameParts } from '../type-names.js';
import { claimRelation, type Draft, keyOf, putView, onlyServer, refuse, type Site } from './draft.js';
import { draftCatalogue, rememberOutputs } from './draft-catalogue.js';
import { type Full, relationOf } from './names.js';
import { storageOptions } from './options.js';

const attributesOf = (
  options: { readonly [name: string]: string } | undefined,
): { readonly attributes?: Attributes } => (options ? { attributes: { options } } : {});

const checkOptions: { readonly [word: string]: string } = {
  LOCAL_CHECK_OPTION: 'local',
  CASCADED_CHECK_OPTION: 'cascaded',
};

/** A query whose names are resolved as the body of a view. */
export const bodyOf = (query: SelectStmt): Body => ({
  text: printTree({ SelectStmt: query }),
  normal: '',
  uses: relationsIn(query).map((name) => pathOf(name)),
});

/** The view with its query as the server keeps it: every name resolved at the time of its creation. */
const viewOf = (draft: Draft, name: Full, query: SelectStmt, columns: readonly string[]): View => {
  const resolved = resolveQuery(
    withPlainNumbers(query),
    draftCatalogue(draft),
    columns.length > 0 ? columns : undefined,
  );
  const body = bodyOf(resolved.query);
  rememberOutputs(body, resolved.outputs);
  const known = resolved.columns ?? (columns.length > 0 ? columns : undefined);
  return { ...name, body, ...(known ? { columns: known } : {}) };
};

/** CREATE [OR REPLACE] VIEW. */
export const createView = (draft: Draft, statement: ViewStmt, site: Site): void => {
  const name = relationOf(statement.view);
  if (!(statement.replace && draft.views.has(keyOf(name)))) claimRelation(draft, name, site);
  if (statement.view?.relpersistence === 't')
    refuse('A temporary view cannot be part of a definition', pathOf(name), site);
  if (!statement.query || !('SelectStmt' in statement.query)) return;
  const check = checkOptions[statement.withCheckOption ?? ''];
  const options = { ...storageOptions(statement.options), ...(check ? { check_option: check } : {}) };
  const attributes = attributesOf(Object.keys(options).length > 0 ? options : undefined);
  const made = { ...viewOf(draft, name, statement.query.SelectStmt, nameParts(statement.aliases)), ...attributes };
  putView(draft, keptBeside(draft.views.get(keyOf(name)), made));
};

/** A view that is replaced keeps its comment and what stands on its columns. */
const keptBeside = (earlier: View | undefined, view: View): View => {
  if (!earlier) return view;
  const { columnComments, columnDefaults } = earlier.attributes ?? {};
  const attributes = {
    ...view.attributes,
    ...(columnComments === undefined ? {} : { columnComments }),
    ...(columnDefaults === undefined ? {} : { columnDefaults }),
  };
  return { ...view, ...(earlier.comment === undefined ? {} : { comment: earlier.comment }), attributes };
};

/** CREATE MATERIALIZED VIEW; a table made from a query is refused, as only a server knows its columns. */
export const createTableAs = (draft: Draft, statement: CreateTableAsStmt, site: Site): void => {
  const name = relationOf(statement.into?.rel);
  if (statement.objtype !== 'OBJECT_MATVIEW') onlyServer('A table is made from a query', pathOf(name), site);
  if (statement.if_not_exists && draft.views.has(keyOf(name))) return;
  claimRelation(draft, name, site);
  if (!statement.query || !('SelectStmt' in statement.query)) return;
  if (statement.into?.tableSpaceName) refuse('A tablespace is not supported', pathOf(name), site);
  const method = statement.into?.accessMethod;
  if (method && method !== 'heap') refuse('A table access method is not supported', pathOf(name), site);
  if (statement.into?.skipData)
    draft.notes.push({ message: 'skipped WITH NO DATA: rows are not part of a definition', ...site });
  const attributes = attributesOf(storageOptions(statement.into?.options));
  const view = viewOf(draft, name, statement.query.SelectStmt, nameParts(statement.into?.colNames));
  putView(draft, { ...view, materialized: true, ...attributes });
};
