import { handleCommand, type EventMetadata } from '@dsem/event-store';
import {
  openEnvelope,
  proposalRefused,
  schemaProposed,
  streams,
  topics,
  useDeclared,
  type Envelope,
} from '@dsem/events';
import { Refusal } from '@dsem/schema';
import { consumer } from './consumer/consumer.js';
import type { Registry } from './registry.context.js';
import { registerVersion } from './subject/register.js';

type Proposed = ReturnType<typeof schemaProposed.of>['data'];
type Declared = ReturnType<typeof useDeclared.of>['data'];

/** A foreign service's own word for itself is kept, but never as one of our principals. */
const metadataOf = (envelope: Envelope): EventMetadata => ({
  tenant: envelope.tenant,
  actor: `service:${envelope.source}`,
  onBehalfOf: envelope.actor,
  correlationId: envelope.correlationid,
  causationId: envelope.id,
  ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
});

/** Event ids derived from the message's: the same message again appends nothing new. */
const idsOf =
  (envelope: Envelope) =>
  (index: number): string =>
    `${envelope.id.slice(0, 80)}:${index}`;

const propose = (registry: Registry, envelope: Envelope, data: Proposed): Promise<unknown> => {
  const { name, database, definition, version, reason } = data;
  const registration = { name, engine: database, definition, declared: version, reason };
  return registerVersion(registry, registration, metadataOf(envelope), idsOf(envelope));
};

const declare = (registry: Registry, envelope: Envelope, data: Declared): Promise<unknown> => {
  const { consumer: name, schema, version, reads, writes, environments = [] } = data;
  const contract = { subject: schema, version, reads, writes, environments };
  const command = { kind: 'declare-contract', consumer: name, ...contract } as const;
  const options = { metadata: metadataOf(envelope), ids: idsOf(envelope) };
  return handleCommand(registry.service.store, consumer, streams.consumer(name), command, options);
};

const refuse = async (registry: Registry, envelope: Envelope, error: Refusal): Promise<void> => {
  const refused = proposalRefused.of({
    subject: envelope.subject.slice(0, 100),
    proposal: envelope.id,
    code: error.code,
    detail: error.message,
  });
  const stream = `proposal-${envelope.source}-${envelope.id}`.slice(0, 400);
  const event = { ...refused, id: `${envelope.id.slice(0, 80)}:refused`, metadata: metadataOf(envelope) };
  await registry.service.store.append(stream, 0, [event]);
};

/** Takes part in the public topic: proposals become versions, declarations become contracts, refusals are told. */
export const startOnSchemaChange = (registry: Registry): Promise<void> =>
  registry.service.subscribe({
    consumer: 'registry-schema-changes',
    topics: [topics.schemaChanges],
    handler: async ({ envelope }) => {
      const event = openEnvelope(envelope);
      try {
        if (event.type === schemaProposed.type) await propose(registry, envelope, event.data as Proposed);
        if (event.type === useDeclared.type) await declare(registry, envelope, event.data as Declared);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await refuse(registry, envelope, error);
      }
    },
  });
