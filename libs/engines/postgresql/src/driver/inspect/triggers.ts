import type { Attributes, Trigger } from '@dsem/schema';
import { statementsOf } from '../../dialect/grammar.js';
import { triggerOf } from '../../dialect/parse/trigger-noun.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** Triggers of the user; the copies that partitions get from their table are the server's own affair. */
export const triggerQuery = `
SELECT pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS enabled, obj_description(t.oid, 'pg_trigger') AS comment
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}
  AND ${notOfExtension('pg_trigger', 't.oid')}`;

export interface TriggerRow {
  readonly definition: string;
  readonly enabled: 'O' | 'D' | 'R' | 'A';
  readonly comment: string | null;
}

const states = { O: undefined, D: 'disabled', R: 'replica', A: 'always' } as const;

const trigger = ({ definition, enabled, comment }: TriggerRow): readonly Trigger[] => {
  const [statement] = statementsOf(definition);
  if (!statement?.stmt || !('CreateTrigStmt' in statement.stmt)) return [];
  const made = triggerOf(statement.stmt.CreateTrigStmt);
  const attributes: Attributes = { ...made.attributes, ...optional('enabled', states[enabled]) };
  return [{ ...made, attributes, ...optional('comment', comment) }];
};

/** Turns rows of `triggerQuery` into nouns, with the reader of definitions. O(text). */
export const triggers = (rows: readonly TriggerRow[]): readonly Trigger[] => rows.flatMap(trigger);
