import { postgresTransaction, type EventMetadata, type PostgresTransaction } from '@dsem/event-store';
import { openEnvelope, topics, type AssessmentEvent, type SubjectEvent } from '@dsem/events';
import type { Delivery } from '@dsem/messaging';
import type { Orchestrator } from '../orchestrator.context.js';
import { causedBy } from '../rollout/on-execution.consumer.js';
import { rememberAssessment, rememberVersion } from './known.js';
import { planMigration } from './planning.js';

const waiting = `SELECT id FROM migrations WHERE schema = $1 AND state->'draft'->>'version' = $2 AND status = 'draft'`;

/** Plans the drafts that were made before their version had been assessed. */
const planWaiting = async (
  orchestrator: Orchestrator,
  data: AssessmentEvent['data'],
  metadata: EventMetadata,
): Promise<void> => {
  const { rows } = await orchestrator.service.pool.query<{ id: string }>(waiting, [data.subject, data.version]);
  for (const { id } of rows) await planMigration(orchestrator, id, metadata);
};

const hear = async (
  event: SubjectEvent | AssessmentEvent,
  position: string,
  client: PostgresTransaction,
): Promise<void> => {
  if (event.type === 'VersionRegistered') await rememberVersion(client, event.data);
  if (event.type === 'CompatibilityAssessed') await rememberAssessment(client, event.data, position);
};

/** Follows the registry and the validator: which versions there are, and how they were judged. */
export const startOnAssessed = (orchestrator: Orchestrator): Promise<void> =>
  orchestrator.service.subscribe({
    consumer: 'orchestrator-versions',
    topics: [topics.registry, topics.validator],
    handler: async ({ envelope }: Delivery) => {
      const event = openEnvelope(envelope) as SubjectEvent | AssessmentEvent;
      await orchestrator.inbox.once('orchestrator-versions', envelope.id, (transaction) =>
        hear(event, envelope.position ?? '0', postgresTransaction(transaction)),
      );
      if (event.type === 'CompatibilityAssessed') await planWaiting(orchestrator, event.data, causedBy(envelope));
    },
  });
