import { postgresTransaction } from '@dsem/event-store';
import { agentHeartbeat, topics, typeName } from '@dsem/events';
import type { Handler } from '@dsem/messaging';
import type { Audit } from '../audit.context.js';
import { appendEntry } from './ledger.store.js';

const telemetry = new Set([typeName(agentHeartbeat.type, agentHeartbeat.version)]);
const own = Object.values(topics).filter((topic) => topic !== topics.schemaChanges);

const record =
  ({ service }: Audit): Handler =>
  async ({ topic, envelope }) => {
    if (telemetry.has(envelope.type)) return;
    await service.inbox.once('audit', `${topic} ${envelope.source} ${envelope.id}`, async (transaction) =>
      appendEntry(postgresTransaction(transaction), topic, envelope, service.clock().toISOString()),
    );
  };

/**
 * Every message of every topic once, in the order received; only telemetry is left out. The public topic is followed
 * apart: whatever anybody writes there, under whatever key and id, cannot keep one of our own events out of the ledger.
 */
export const startOnAllTopics = async (audit: Audit): Promise<void> => {
  const handler = record(audit);
  await audit.service.subscribe({ consumer: 'audit', topics: own, handler });
  await audit.service.subscribe({ consumer: 'audit-schema-changes', topics: [topics.schemaChanges], handler });
};
