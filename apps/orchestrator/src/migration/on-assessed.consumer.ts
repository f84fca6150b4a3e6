import { postgresTransaction, type PostgresTransaction } from '@dsem/event-store';
import { openEnvelope, topics, type AssessmentEvent, type SubjectEvent } from '@dsem/events';
import type { Delivery } from '@dsem/messaging';
import type { Orchestrator } from '../orchestrator.context.js';
import { rememberAssessment, rememberVersion } from './known.js';

const hear = async (
  event: SubjectEvent | AssessmentEvent,
  position: string,
  client: PostgresTransaction,
): Promise<void> => {
  if (event.type === 'VersionRegistered') await rememberVersion(client, event.data);
  if (event.type === 'CompatibilityAssessed') await rememberAssessment(client, event.data, position);
};

/** Follows the registry and the validator: which versions there are, how they were judged. Timers plan what waited for it. */
export const startOnAssessed = (orchestrator: Orchestrator): Promise<void> =>
  orchestrator.service.subscribe({
    consumer: 'orchestrator-versions',
    topics: [topics.registry, topics.validator],
    handler: async ({ envelope }: Delivery) => {
      const event = openEnvelope(envelope) as SubjectEvent | AssessmentEvent;
      await orchestrator.inbox.once('orchestrator-versions', envelope.id, (transaction) =>
        hear(event, envelope.position ?? '0', postgresTransaction(transaction)),
      );
    },
  });
