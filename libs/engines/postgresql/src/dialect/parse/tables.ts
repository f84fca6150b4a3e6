import type { ColumnDef, CreateStmt, Node } from '@pgsql/types';
import { type Attributes, pathOf, type Table } from '@dsem/schema';
import { readColumn, type Written } from './columns.js';
import { addConstraint, inServerOrder } from './constraints.js';
import { claimRelation, contradict, type Draft, keyOf, putTable, refuse, type Site } from './draft.js';
import { type Full, relationOf } from './names.js';
import { storageOptions } from './options.js';

const unusual = (statement: CreateStmt): string | undefined => {
  if (statement.partspec || statement.partbound) return 'A partitioned table is not supported';
  if ((statement.inhRelations ?? []).length > 0) return 'An inherited table is not supported';
  if (statement.ofTypename) return 'A typed table is not supported';
  if (statement.relation?.relpersistence === 't') return 'A temporary table cannot be part of a definition';
  if (statement.tablespacename) return 'A tablespace is not supported';
  if (statement.accessMethod && statement.accessMethod !== 'heap') return 'A table access method is not supported';
  return undefined;
};

const attributesOf = (statement: CreateStmt): { readonly attributes?: Attributes } => {
  const options = storageOptions(statement.options);
  const attributes = {
    ...(statement.relation?.relpersistence === 'u' ? { unlogged: true } : {}),
    ...(options ? { options } : {}),
  };
  return Object.keys(attributes).length === 0 ? {} : { attributes };
};

interface Parts {
  readonly definitions: readonly ColumnDef[];
  readonly constraints: readonly Written[];
}

const partsOf = (elements: readonly Node[], name: Full, site: Site): Parts => ({
  definitions: elements.flatMap((node) => ('ColumnDef' in node ? [node.ColumnDef] : [])),
  constraints: elements.flatMap((node) => {
    if ('ColumnDef' in node) return [];
    if ('Constraint' in node) return [{ node: node.Constraint }];
    return refuse('A table made like another one is not supported', pathOf(name), site);
  }),
});

/** CREATE TABLE. */
export const createTable = (draft: Draft, statement: CreateStmt, site: Site): void => {
  const name = relationOf(statement.relation);
  if (statement.if_not_exists && draft.tables.has(keyOf(name))) return;
  claimRelation(draft, name, site);
  const strange = unusual(statement);
  if (strange) refuse(strange, pathOf(name), site);
  const { definitions, constraints } = partsOf(statement.tableElts ?? [], name, site);
  const table: Table = {
    ...name,
    ...attributesOf(statement),
    columns: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
  };
  putTable(draft, table);
  const read = definitions.map((definition) => readColumn(draft, name, definition, site));
  const columns = read.map((one) => one.column);
  const twice = columns.find((column, at) => columns.findIndex((other) => other.name === column.name) !== at);
  if (twice) contradict(`The column ${pathOf(name, twice.name)} is defined twice.`, pathOf(name, twice.name), site);
  putTable(draft, { ...table, columns });
  const written = [...read.flatMap((one) => one.constraints), ...constraints];
  for (const constraint of inServerOrder(written)) addConstraint(draft, name, constraint, true, site);
};
