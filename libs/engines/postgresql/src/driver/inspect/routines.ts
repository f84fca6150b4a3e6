import type { Routine } from '@dsem/schema';
import { statementsOf } from '../../dialect/grammar.js';
import { routineOf } from '../../dialect/parse/routine-noun.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** Functions and procedures, but for those that belong to an extension or to a type (constructors of ranges). */
export const routineQuery = `
SELECT pg_get_functiondef(p.oid) AS definition, obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND ${ofUser()} AND ${notOfExtension('pg_proc', 'p.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;

export interface RoutineRow {
  readonly definition: string;
  readonly comment: string | null;
}

/** Reads what the server says a routine is made by, with the reader of definitions. */
const routine = ({ definition, comment }: RoutineRow): readonly Routine[] => {
  const [statement] = statementsOf(definition);
  return statement?.stmt && 'CreateFunctionStmt' in statement.stmt
    ? [{ ...routineOf(statement.stmt.CreateFunctionStmt), ...optional('comment', comment) }]
    : [];
};

/** Turns rows of `routineQuery` into nouns. O(text). */
export const routines = (rows: readonly RoutineRow[]): readonly Routine[] => rows.flatMap(routine);
