import type { EngineObject } from '@dsem/schema';
import { statementsOf } from '../../dialect/grammar.js';
import { definitionOf } from '../../dialect/objects.js';
import { statistics as noun, statisticsOf } from '../../dialect/parse/statistics-noun.js';
import type { StatisticsDefinition } from '../../dialect/statistics.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** No target is -1 until 16, NULL from 17 on. */
export const statisticsQuery = `
SELECT pg_get_statisticsobjdef(s.oid) AS definition, nullif((to_jsonb(s)->>'stxstattarget')::integer, -1) AS target,
  obj_description(s.oid, 'pg_statistic_ext') AS comment
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_statistic_ext', 's.oid')}`;

export interface StatisticsRow {
  readonly definition: string;
  readonly target: number | null;
  readonly comment: string | null;
}

const object = ({ definition, target, comment }: StatisticsRow): readonly EngineObject[] => {
  const [statement] = statementsOf(definition);
  if (!statement?.stmt || !('CreateStatsStmt' in statement.stmt)) return [];
  const made = statisticsOf(statement.stmt.CreateStatsStmt);
  const held = { ...definitionOf<StatisticsDefinition>(made), ...optional('target', target) };
  return [{ ...noun(made, held), ...optional('comment', comment) }];
};

/** Turns rows of `statisticsQuery` into nouns, with the reader of definitions. O(text). */
export const statisticsObjects = (rows: readonly StatisticsRow[]): readonly EngineObject[] => rows.flatMap(object);
