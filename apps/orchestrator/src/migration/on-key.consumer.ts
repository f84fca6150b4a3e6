import { postgresTransaction } from '@dsem/event-store';
import { openEnvelope, topics, type IdentityEvent } from '@dsem/events';
import type { Delivery } from '@dsem/messaging';
import type { Orchestrator } from '../orchestrator.context.js';
import { rememberKey } from './approver-keys.js';

/** Follows the gateway's keys: an approval counts only as long as the key that gave it. */
export const startOnKey = (orchestrator: Orchestrator): Promise<void> =>
  orchestrator.service.subscribe({
    consumer: 'orchestrator-keys',
    topics: [topics.identity],
    handler: async ({ envelope }: Delivery) => {
      const event = openEnvelope(envelope) as IdentityEvent;
      await orchestrator.inbox.once('orchestrator-keys', envelope.id, (transaction) =>
        rememberKey(postgresTransaction(transaction), event, envelope.time),
      );
    },
  });
