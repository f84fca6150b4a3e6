import type { EventMetadata } from '@dsem/event-store';
import { handleCommand } from '@dsem/event-store';
import { streams, type IdentityEvent } from '@dsem/events';
import { tables } from '@dsem/service-host';
import type { Orchestrator } from '../orchestrator.context.js';
import { migration, type MigrationState } from './migration.js';

interface Queryable {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
}

export const approverKeyTables = tables('approver-keys', [
  'CREATE TABLE approver_keys (id text PRIMARY KEY, expires timestamptz, revoked timestamptz)',
]);

/** Remembers until when a key is good, as the gateway told it; the same event again changes nothing. */
export const rememberKey = async (db: Queryable, event: IdentityEvent, time: string): Promise<void> => {
  const { key } = event.data;
  if (event.type === 'KeyRevoked') {
    const end = `INSERT INTO approver_keys (id, revoked) VALUES ($1, $2)
      ON CONFLICT (id) DO UPDATE SET revoked = $2`;
    await db.query(end, [key, time]);
    return;
  }
  const hold = `INSERT INTO approver_keys (id, expires) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET expires = $2`;
  await db.query(hold, [key, event.data.expires]);
};

/** An actor is `key:3f2a…` or `service:…`; both are keys of the gateway. */
const keyOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

/** Which approvals count no more, each with what ended: a key nothing was heard of is good. */
const lapsed = async (
  { service }: Orchestrator,
  approvers: readonly string[],
): Promise<readonly { readonly approver: string; readonly what: string }[]> => {
  const select = `SELECT id, CASE WHEN revoked IS NOT NULL THEN 'revoked' ELSE 'expired' END AS what
    FROM approver_keys WHERE id = ANY ($1) AND (revoked IS NOT NULL OR expires <= $2)`;
  const values = [approvers.map(keyOf), service.clock().toISOString()];
  const { rows } = await service.pool.query<{ id: string; what: string }>(select, values);
  const ended = new Map(rows.map(({ id, what }) => [id, what]));
  return approvers.flatMap((approver) => {
    const what = ended.get(keyOf(approver));
    return what === undefined ? [] : [{ approver, what }];
  });
};

/** Voids the approvals of those whose key was revoked or ran out since; tells why, if any. */
export const voidLapsed = async (
  orchestrator: Orchestrator,
  { draft, approvals }: MigrationState,
  metadata: EventMetadata,
): Promise<string | undefined> => {
  const gone = await lapsed(
    orchestrator,
    approvals.map((approval) => approval.approver),
  );
  if (draft === undefined || gone.length === 0) return undefined;
  const why = gone.map(({ approver, what }) => `the key of the approver ${approver} is ${what}`).join(', ');
  const command = { kind: 'void-approvals', approvers: gone.map(({ approver }) => approver), why } as const;
  const { store } = orchestrator.service;
  await handleCommand(store, migration, streams.migration(draft.migration), command, { metadata });
  return why;
};
