import type { CreateStatsStmt, Node } from '@pgsql/types';
import type { EngineObject } from '@dsem/schema';
import { definition, objectKinds } from '../objects.js';
import type { StatisticsDefinition } from '../statistics.js';
import { nameParts } from '../type-names.js';
import { type Full, nameOf, relationOf } from './names.js';
import { ofOwnColumns } from './own-columns.js';

const { kind } = objectKinds.statistics;

/** A statistics object with what it counts. */
export const statistics = (object: EngineObject, held: StatisticsDefinition): EngineObject => ({
  ...object,
  definition: definition({
    ...held,
    table: { ...held.table },
    columns: held.columns?.length === 0 ? undefined : held.columns,
    expressions: held.expressions?.length === 0 ? undefined : held.expressions,
  }),
});

/** The column that an element names, in brackets or not. */
export const columnOf = (node: Node): string | undefined => {
  const { name, expr } = 'StatsElem' in node ? node.StatsElem : {};
  return name ?? (expr && 'ColumnRef' in expr ? nameParts(expr.ColumnRef.fields).at(-1) : undefined);
};

const expressionOf = (node: Node): readonly string[] =>
  columnOf(node) === undefined && 'StatsElem' in node && node.StatsElem.expr ? [ofOwnColumns(node.StatsElem.expr)] : [];

/** The table that a statement names. */
export const tableNamed = ({ relations = [] }: CreateStatsStmt): Full => {
  const [first] = relations;
  return relationOf(first && 'RangeVar' in first ? first.RangeVar : undefined);
};

/** The noun of one CREATE STATISTICS, under the name that is given. */
export const statisticsOf = (
  statement: CreateStatsStmt,
  name = nameOf(nameParts(statement.defnames)),
): EngineObject => {
  const elements = statement.exprs ?? [];
  const kinds = nameParts(statement.stat_types).map((word) => word.toLowerCase());
  return statistics(
    { kind, ...name, definition: {} },
    {
      table: tableNamed(statement),
      columns: elements.flatMap((node) => columnOf(node) ?? []),
      expressions: elements.flatMap(expressionOf),
      ...(kinds.length === 0 ? {} : { kinds }),
    },
  );
};
