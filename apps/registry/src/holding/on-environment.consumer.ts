import { postgresTransaction } from '@dsem/event-store';
import { openEnvelope, topics, type EnvironmentEvent } from '@dsem/events';
import type { Registry } from '../registry.context.js';
import { rememberHolding } from './holding.store.js';

const consumer = 'registry-environments';

/** Follows the orchestrator: what environments hold, so that no schema is archived under them. */
export const startOnEnvironment = ({ service, inbox }: Registry): Promise<void> =>
  service.subscribe({
    consumer,
    topics: [topics.orchestrator],
    handler: async ({ envelope }) => {
      const event = openEnvelope(envelope) as EnvironmentEvent;
      await inbox.once(consumer, envelope.id, (transaction) =>
        rememberHolding(postgresTransaction(transaction), event),
      );
    },
  });
