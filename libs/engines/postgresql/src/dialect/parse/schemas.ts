import type { CreateExtensionStmt, CreateSchemaStmt } from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import { type Draft, refuse, type Site, twice } from './draft.js';
import { elementsOf, optionText } from './options.js';
import { ownSchema } from './owners.js';

/** CREATE SCHEMA; `public` is always there. */
export const createSchema = (draft: Draft, statement: CreateSchemaStmt, site: Site): void => {
  const name =
    statement.schemaname ??
    refuse('A schema named after whoever runs the statement is not supported', 'CREATE SCHEMA', site);
  if (draft.namespaces.has(name) && !statement.if_not_exists) {
    twice(`The schema ${pathOf({ name })}`, name, site);
  }
  const isNew = name !== defaultNamespace && !draft.namespaces.has(name);
  if (isNew) draft.namespaces.set(name, { name });
  if (isNew && statement.authrole) ownSchema(draft, name, statement.authrole, site);
  if ((statement.schemaElts ?? []).length > 0) refuse('Objects inside CREATE SCHEMA are not supported', name, site);
};

/** CREATE EXTENSION; into `public` unless said otherwise, with what it needs not listed. */
export const createExtension = (draft: Draft, statement: CreateExtensionStmt, site: Site): void => {
  const name = statement.extname ?? '';
  if (draft.extensions.has(name) && !statement.if_not_exists) {
    twice(`The extension ${name}`, name, site);
  }
  const options = new Map(elementsOf(statement.options).map((one) => [one.defname ?? '', optionText(one.arg)]));
  const version = options.get('new_version');
  const extension = { name, namespace: options.get('schema') ?? defaultNamespace };
  draft.extensions.set(name, version === undefined ? extension : { ...extension, version });
};
