import type { AlterStatsStmt, CreateStatsStmt, Node } from '@pgsql/types';
import { type EngineObject, engineObjectPath } from '@dsem/schema';
import { identifierBytes } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import { type StatisticsDefinition, statisticsKinds } from '../statistics.js';
import { nameParts } from '../type-names.js';
import { clip, objectName } from './auto-names.js';
import { contradict, type Draft, keyOf, missing, refuse, type Site } from './draft.js';
import { type Full, nameOf, sameName } from './names.js';
import { addObject, findObject, putObject } from './objects.js';
import { columnOf, statistics, statisticsOf, tableNamed } from './statistics-noun.js';

const { kind } = objectKinds.statistics;

/** Statistics objects of a table or materialized view, in the order in which they were made. */
export const statisticsOn = (draft: Draft, table: Full): readonly EngineObject[] =>
  [...draft.others.values()].filter(
    (object) => object.kind === kind && sameName(definitionOf<StatisticsDefinition>(object).table, table),
  );

/** The server's `ChooseExtendedStatisticName`: what is counted, joined, and a number where that name is taken. */
export const statisticsName = (draft: Draft, table: Full, columns: readonly (string | undefined)[]): Full => {
  const joined = clip(columns.map((column) => column ?? 'expr').join('_'), identifierBytes);
  for (let pass = 0; ; pass += 1) {
    const name = objectName(table.name, joined, `stat${pass === 0 ? '' : String(pass)}`);
    const full = { namespace: table.namespace, name };
    if (!draft.others.has(engineObjectPath({ kind, ...full }))) return full;
  }
};

/** What the server refuses whatever the table looks like. */
const check = (object: EngineObject, site: Site): void => {
  const { columns = [], expressions = [], kinds = [] } = definitionOf<StatisticsDefinition>(object);
  const path = engineObjectPath(object);
  const unknown = kinds.find((word) => !statisticsKinds.some((one) => one === word));
  if (unknown !== undefined) contradict(`Statistics of kind ${unknown} do not exist: ${path}`, path, site);
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) contradict(`The column ${twice} stands twice in ${path}.`, path, site);
  if (columns.length + expressions.length > 1) return;
  if (expressions.length === 0) contradict(`${path} counts one column alone, which needs no statistics.`, path, site);
  if (kinds.length > 0) contradict(`Kinds of statistics have no meaning for one expression: ${path}`, path, site);
};

/** The table has to be there, with the columns that are named. */
const awaitColumns = (draft: Draft, object: EngineObject, site: Site): void => {
  const { table, columns = [] } = definitionOf<StatisticsDefinition>(object);
  const known = draft.tables.get(keyOf(table));
  const view = draft.views.get(keyOf(table));
  if (!known && view?.materialized !== true) missing('table', table, site);
  const absent = known && columns.find((column) => !known.columns.some(({ name }) => name === column));
  if (absent !== undefined) missing('column', { ...table, name: `${table.name}.${absent}` }, site);
};

/** CREATE STATISTICS; from 16 on without a name. */
export const createStatistics = (draft: Draft, statement: CreateStatsStmt, site: Site): void => {
  const { defnames, relations = [], exprs = [], if_not_exists } = statement;
  const table = tableNamed(statement);
  if (relations.length !== 1 || !('RangeVar' in relations[0]!))
    refuse('Statistics of more than one table are not supported', nameParts(defnames).join('.'), site);
  const name = defnames ? nameOf(nameParts(defnames)) : statisticsName(draft, table, exprs.map(columnOf));
  const object = statisticsOf(statement, name);
  check(object, site);
  awaitColumns(draft, object, site);
  addObject(draft, object, if_not_exists, site);
};

const targetIn = (node: Node | undefined): number => (node && 'Integer' in node ? (node.Integer.ival ?? 0) : -1);

/** ALTER STATISTICS ... SET STATISTICS. */
export const alterStatistics = (draft: Draft, statement: AlterStatsStmt, site: Site): void => {
  const name = nameOf(nameParts(statement.defnames));
  if (statement.missing_ok && !draft.others.has(engineObjectPath({ kind, ...name }))) return;
  const object = findObject(draft, kind, name, site);
  const { target: _, ...held } = definitionOf<StatisticsDefinition>(object);
  const target = targetIn(statement.stxstattarget);
  putObject(draft, statistics(object, { ...held, ...(target < 0 ? {} : { target }) }));
};
