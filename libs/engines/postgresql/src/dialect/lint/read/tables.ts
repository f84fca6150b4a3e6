import type { CreateStmt, CreateTableAsStmt, Node } from '@pgsql/types';
import type { Act, ConstraintFacts, CreateTable } from '../acts.js';
import { columnFacts, constraintFacts, type Defined } from './columns.js';
import { type Reader, relation, relations } from './reader.js';

interface Elements {
  readonly columns: readonly Defined[];
  readonly constraints: readonly ConstraintFacts[];
  readonly like: boolean;
}

const elementsOf = (reader: Reader, nodes: readonly Node[]): Elements => ({
  columns: nodes.flatMap((node) => ('ColumnDef' in node ? [columnFacts(reader, node.ColumnDef)] : [])),
  constraints: nodes.flatMap((node) => ('Constraint' in node ? (constraintFacts(reader, node.Constraint) ?? []) : [])),
  like: nodes.some((node) => 'TableLikeClause' in node),
});

/** CREATE TABLE of every form but from a query. */
export const createTable = (reader: Reader, statement: CreateStmt): readonly Act[] => {
  const { columns, constraints, like } = elementsOf(reader, statement.tableElts ?? []);
  const [parent] = relations(reader, statement.inhRelations);
  const isPartition = statement.partbound !== undefined;
  const act: CreateTable = {
    kind: 'create-table',
    table: relation(reader, statement.relation),
    columns: columns.map(({ column }) => column),
    constraints: [...columns.flatMap((each) => each.constraints), ...constraints],
    temporary: statement.relation?.relpersistence === 't',
    ifNotExists: statement.if_not_exists ?? false,
    partitioned: statement.partspec !== undefined,
    ...(isPartition && parent ? { partitionOf: parent, isDefault: statement.partbound?.is_default ?? false } : {}),
    open: like || parent !== undefined || statement.ofTypename !== undefined,
  };
  return [act];
};

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export const createTableAs = (reader: Reader, statement: CreateTableAsStmt): readonly Act[] => {
  const rel = statement.into?.rel;
  const name = relation(reader, rel);
  if (statement.objtype === 'OBJECT_MATVIEW')
    return [{ kind: 'create-view', name, replace: false, materialized: true, temporary: false }];
  return [
    {
      kind: 'create-table',
      table: name,
      columns: [],
      constraints: [],
      temporary: rel?.relpersistence === 't',
      ifNotExists: statement.if_not_exists ?? false,
      partitioned: false,
      open: true,
    },
  ];
};
