import type { Attributes, Trigger } from '@dsem/schema';
import { statementsOf } from '../../dialect/grammar.js';
import { ruleOf } from '../../dialect/parse/rule-noun.js';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** Rules of the user; the one that makes a view is part of the view. */
export const ruleQuery = `
SELECT pg_get_ruledef(r.oid) AS definition, r.ev_enabled AS enabled, obj_description(r.oid, 'pg_rewrite') AS comment
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.ev_type <> '1' AND ${modelledRelation()} AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}
  AND ${notOfExtension('pg_rewrite', 'r.oid')}`;

export interface RuleRow {
  readonly definition: string;
  readonly enabled: 'O' | 'D' | 'R' | 'A';
  readonly comment: string | null;
}

const states = { O: undefined, D: 'disabled', R: 'replica', A: 'always' } as const;

const rule = ({ definition, enabled, comment }: RuleRow): readonly Trigger[] => {
  const [statement] = statementsOf(definition);
  const made = statement?.stmt && 'RuleStmt' in statement.stmt ? ruleOf(statement.stmt.RuleStmt) : undefined;
  if (!made) return [];
  const attributes: Attributes = { ...made.attributes, ...optional('enabled', states[enabled]) };
  return [{ ...made, attributes, ...optional('comment', comment) }];
};

/** Turns rows of `ruleQuery` into nouns, with the reader of definitions. O(text). */
export const rules = (rows: readonly RuleRow[]): readonly Trigger[] => rows.flatMap(rule);
