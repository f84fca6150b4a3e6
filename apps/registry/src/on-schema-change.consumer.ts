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
import { DefinitionShapeError, Refusal, sha256 } from '@dsem/schema';
import { consumer } from './consumer/consumer.js';
import type { Registry } from './registry.context.js';
import { registerVersion } from './subject/register.js';

type Proposed = ReturnType<typeof schemaProposed.of>['data'];
type Declared = ReturnType<typeof useDeclared.of>['data'];

/** Nobody outside is one of our principals, whatever the message says of itself; the ledger keeps it as it came. */
const metadataOf = (envelope: Envelope): EventMetadata => ({
  tenant: 'default',
  actor: `foreign:${envelope.source}`,
  correlationId: envelope.correlationid,
  causationId: envelope.id,
  ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
});

/** What names a message: its id is unique for its source only. Nobody outside can foresee or repeat the events' ids. */
const proposalOf = ({ source, id }: Envelope): string => sha256(JSON.stringify([source, id])).slice(0, 40);

/** Event ids derived from the message's: the same message again appends nothing new. */
const idsOf =
  (envelope: Envelope) =>
  (index: number): string =>
    `${proposalOf(envelope)}:${index}`;

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
  const id = proposalOf(envelope);
  const stream = `proposal-${id}`;
  const event = { ...refused, id: `${id}:refused`, metadata: metadataOf(envelope) };
  await registry.service.store.append(stream, 0, [event]);
};

const holdsNul = (value: unknown): boolean => {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul);
};

/** Takes part in the public topic: proposals become versions, declarations become contracts, refusals are told. */
export const startOnSchemaChange = (registry: Registry): Promise<void> =>
  registry.service.subscribe({
    consumer: 'registry-schema-changes',
    topics: [topics.schemaChanges],
    handler: async ({ envelope }) => {
      const event = openEnvelope(envelope);
      try {
        if (holdsNul(event.data)) throw new DefinitionShapeError('the message holds NUL, which no database stores');
        if (event.type === schemaProposed.type) await propose(registry, envelope, event.data as Proposed);
        if (event.type === useDeclared.type) await declare(registry, envelope, event.data as Declared);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await refuse(registry, envelope, error);
      }
    },
  });
