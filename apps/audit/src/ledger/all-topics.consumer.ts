import { postgresTransaction } from '@dsem/event-store';
import { agentHeartbeat, topics, typeName } from '@dsem/events';
import type { Audit } from '../audit.context.js';
import { appendEntry } from './ledger.store.js';

const telemetry = new Set([typeName(agentHeartbeat.type, agentHeartbeat.version)]);

/** Every message of every topic once, in the order received; only telemetry is left out. */
export const startOnAllTopics = (audit: Audit): Promise<void> => {
  const { service } = audit;
  return service.subscribe({
    consumer: 'audit',
    topics: Object.values(topics),
    handler: async ({ topic, envelope }) => {
      if (telemetry.has(envelope.type)) return;
      await service.inbox.once('audit', `${envelope.source} ${envelope.id}`, (transaction) =>
        appendEntry(postgresTransaction(transaction), topic, envelope, service.clock().toISOString()),
      );
    },
  });
};
