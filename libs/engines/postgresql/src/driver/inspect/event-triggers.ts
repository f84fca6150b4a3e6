import type { EngineObject } from '@dsem/schema';
import { definition, objectKinds } from '../../dialect/objects.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** Event triggers of the database, but for those of extensions. */
export const eventTriggerQuery = `
SELECT t.evtname::text AS name, t.evtevent::text AS event, t.evttags AS tags, t.evtenabled AS enabled,
  t.evtfoid::regproc::text AS function, obj_description(t.oid, 'pg_event_trigger') AS comment
FROM pg_event_trigger t
JOIN pg_proc p ON p.oid = t.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_event_trigger', 't.oid')}`;

export interface EventTriggerRow {
  readonly name: string;
  readonly event: string;
  readonly tags: readonly string[] | null;
  readonly enabled: 'O' | 'D' | 'R' | 'A';
  readonly function: string;
  readonly comment: string | null;
}

const states = { O: undefined, D: 'disabled', R: 'replica', A: 'always' } as const;

/** Turns rows of `eventTriggerQuery` into nouns. */
export const eventTriggers = (rows: readonly EventTriggerRow[]): readonly EngineObject[] =>
  rows.map((row) => ({
    kind: objectKinds.eventTrigger.kind,
    name: row.name,
    ...optional('comment', row.comment),
    definition: definition({
      event: row.event,
      tags: row.tags ?? undefined,
      function: row.function,
      enabled: states[row.enabled],
    }),
  }));
