import type { CreateTableAsStmt, Node, ViewStmt } from '@pgsql/types';
import { type Attributes, pathOf, type View } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { nameParts } from '../type-names.js';
import { claimRelation, type Draft, keyOf, putView, refuse, type Site } from './draft.js';
import { type Full, relationOf } from './names.js';
import { storageOptions } from './options.js';

const attributesOf = (
  options: { readonly [name: string]: string } | undefined,
): { readonly attributes?: Attributes } => (options ? { attributes: { options } } : {});

const checkOptions: { readonly [word: string]: string } = {
  LOCAL_CHECK_OPTION: 'local',
  CASCADED_CHECK_OPTION: 'cascaded',
};

const viewOf = (name: Full, query: Node, columns: readonly string[]): View => {
  const text = printTree(query);
  return { ...name, body: { text, normal: '', uses: [] }, ...(columns.length > 0 ? { columns } : {}) };
};

/** CREATE [OR REPLACE] VIEW. */
export const createView = (draft: Draft, statement: ViewStmt, site: Site): void => {
  const name = relationOf(statement.view);
  if (!(statement.replace && draft.views.has(keyOf(name)))) claimRelation(draft, name, site);
  if (statement.view?.relpersistence === 't')
    refuse('A temporary view cannot be part of a definition', pathOf(name), site);
  if (!statement.query) return;
  const check = checkOptions[statement.withCheckOption ?? ''];
  const options = { ...storageOptions(statement.options), ...(check ? { check_option: check } : {}) };
  const attributes = attributesOf(Object.keys(options).length > 0 ? options : undefined);
  putView(draft, { ...viewOf(name, statement.query, nameParts(statement.aliases)), ...attributes });
};

/** CREATE MATERIALIZED VIEW; a table made from a query is refused, as only a server knows its columns. */
export const createTableAs = (draft: Draft, statement: CreateTableAsStmt, site: Site): void => {
  const name = relationOf(statement.into?.rel);
  if (statement.objtype !== 'OBJECT_MATVIEW') refuse('A table made from a query is not supported', pathOf(name), site);
  if (statement.if_not_exists && draft.views.has(keyOf(name))) return;
  claimRelation(draft, name, site);
  if (!statement.query) return;
  if (statement.into?.tableSpaceName) refuse('A tablespace is not supported', pathOf(name), site);
  const attributes = attributesOf(storageOptions(statement.into?.options));
  const view = viewOf(name, statement.query, nameParts(statement.into?.colNames));
  putView(draft, { ...view, materialized: true, ...attributes });
};
