import type { Routine } from '@dsem/schema';
import { statementsOf } from '../../dialect/grammar.js';
import { aggregateOf } from '../../dialect/parse/aggregates.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

const named = (word: string, column: string): string =>
  `CASE WHEN a.${column}::oid <> 0 THEN '${word} = ' || a.${column}::regproc::text END`;

const modify = (word: string, column: string): string =>
  `'${word} = ' || CASE a.${column} WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END`;

const parts = [
  named('sfunc', 'aggtransfn'),
  `'stype = ' || format_type(a.aggtranstype, NULL)`,
  `'sspace = ' || a.aggtransspace`,
  named('finalfunc', 'aggfinalfn'),
  `CASE WHEN a.aggfinalextra THEN 'finalfunc_extra' END`,
  modify('finalfunc_modify', 'aggfinalmodify'),
  named('combinefunc', 'aggcombinefn'),
  named('serialfunc', 'aggserialfn'),
  named('deserialfunc', 'aggdeserialfn'),
  `'initcond = ' || quote_literal(a.agginitval)`,
  named('msfunc', 'aggmtransfn'),
  named('minvfunc', 'aggminvtransfn'),
  `CASE WHEN a.aggmtranstype <> 0 THEN 'mstype = ' || format_type(a.aggmtranstype, NULL) END`,
  `'msspace = ' || a.aggmtransspace`,
  named('mfinalfunc', 'aggmfinalfn'),
  `CASE WHEN a.aggmfinalextra THEN 'mfinalfunc_extra' END`,
  modify('mfinalfunc_modify', 'aggmfinalmodify'),
  `'minitcond = ' || quote_literal(a.aggminitval)`,
  `(SELECT 'sortop = OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' FROM pg_operator o
    JOIN pg_namespace s ON s.oid = o.oprnamespace WHERE o.oid = a.aggsortop)`,
  `CASE p.proparallel WHEN 's' THEN 'parallel = safe' WHEN 'r' THEN 'parallel = restricted' END`,
  `CASE WHEN a.aggkind = 'h' THEN 'hypothetical' END`,
];

/** Aggregates as CREATE AGGREGATE would say them; the server has no function that does. */
export const aggregateQuery = `
SELECT format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname, coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'))
  || concat_ws(', ', ${parts.join(', ')}) || ')' AS definition, obj_description(p.oid, 'pg_proc') AS comment
FROM pg_aggregate a
JOIN pg_proc p ON p.oid = a.aggfnoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_proc', 'p.oid')}`;

export interface AggregateRow {
  readonly definition: string;
  readonly comment: string | null;
}

const nowhere = { location: { line: 1, column: 1 } };

const aggregate = ({ definition, comment }: AggregateRow): readonly Routine[] => {
  const [statement] = statementsOf(definition);
  return statement?.stmt && 'DefineStmt' in statement.stmt
    ? [{ ...aggregateOf(statement.stmt.DefineStmt, undefined, nowhere), ...optional('comment', comment) }]
    : [];
};

/** Turns rows of `aggregateQuery` into nouns, with the reader of definitions. O(text). */
export const aggregates = (rows: readonly AggregateRow[]): readonly Routine[] => rows.flatMap(aggregate);
