import { postgresTransaction, type EventMetadata, type PostgresTransaction } from '@dsem/event-store';
import {
  openEnvelope,
  topics,
  type ConsumerEvent,
  type EnvironmentEvent,
  type Envelope,
  type SubjectEvent,
} from '@dsem/events';
import type { Delivery } from '@dsem/messaging';
import type { Validator } from '../validator.context.js';
import { assessVersion } from './assess-version.js';
import { knownVersions, rememberVersion } from './known.js';

type Heard = SubjectEvent | ConsumerEvent | EnvironmentEvent;

const metadataOf = (envelope: Envelope): EventMetadata => ({
  tenant: envelope.tenant,
  actor: 'service:validator',
  onBehalfOf: envelope.onbehalfof ?? envelope.actor,
  correlationId: envelope.correlationid,
  causationId: envelope.id,
  ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
});

const reassessNewest = async (
  validator: Validator,
  schemas: readonly string[],
  metadata: EventMetadata,
  client: PostgresTransaction,
): Promise<void> => {
  for (const schema of schemas) {
    const [newest] = await knownVersions(client, schema, 1);
    if (newest !== undefined) await assessVersion(validator, newest, metadata, client);
  }
};

const declared = async (
  data: Extract<ConsumerEvent, { type: 'ContractDeclared' }>['data'],
  client: PostgresTransaction,
): Promise<void> => {
  const { consumer, version, subject, reads, writes, environments } = data;
  const upsert = `INSERT INTO contracts (consumer, version, schema, reads, writes, environments)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;
  const lists = [reads, writes, environments].map((list) => JSON.stringify(list));
  await client.query(upsert, [consumer, version, subject, ...lists]);
};

const retired = async (
  data: Extract<ConsumerEvent, { type: 'ConsumerRetired' }>['data'],
  client: PostgresTransaction,
): Promise<readonly string[]> => {
  const update = `UPDATE contracts SET retired = true WHERE consumer = $1 AND ($2::text IS NULL OR version = $2)
    RETURNING schema`;
  const { rows } = await client.query<{ schema: string }>(update, [data.consumer, data.version ?? null]);
  return [...new Set(rows.map((row) => row.schema))];
};

const environmentHeard = async (event: EnvironmentEvent, client: PostgresTransaction): Promise<void> => {
  switch (event.type) {
    case 'EnvironmentAdded': {
      const { environment, type, policy } = event.data;
      const upsert = `INSERT INTO environments (name, type, validation) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET type = $2, validation = $3, retired = false`;
      await client.query(upsert, [environment, type, policy.validation]);
      return;
    }
    case 'PolicyChanged': {
      const { environment, policy } = event.data;
      await client.query('UPDATE environments SET validation = $2 WHERE name = $1', [environment, policy.validation]);
      return;
    }
    case 'RevisionRecorded': {
      const { environment, subject, version = null, digest } = event.data;
      const upsert = `INSERT INTO revisions (environment, schema, version, digest) VALUES ($1, $2, $3, $4)
        ON CONFLICT (environment, schema) DO UPDATE SET version = $3, digest = $4`;
      await client.query(upsert, [environment, subject, version, digest]);
      return;
    }
    case 'EnvironmentRetired': {
      const { environment, forced = false } = event.data;
      await client.query('UPDATE environments SET retired = true WHERE name = $1', [environment]);
      if (!forced) await client.query('DELETE FROM revisions WHERE environment = $1', [environment]);
      return;
    }
    default:
  }
};

const versionHeard = async (
  validator: Validator,
  data: Extract<SubjectEvent, { type: 'VersionRegistered' }>['data'],
  metadata: EventMetadata,
  client: PostgresTransaction,
): Promise<void> => {
  const { subject: schema, version, number, engine, digest, ancestors, compatibility: mode, renamedFrom = [] } = data;
  const known = { schema, version, number, engine, digest, ancestors, mode, renamedFrom };
  await rememberVersion(client, known);
  await assessVersion(validator, known, metadata, client);
};

const hear = async (
  validator: Validator,
  event: Heard,
  metadata: EventMetadata,
  client: PostgresTransaction,
): Promise<void> => {
  switch (event.type) {
    case 'VersionRegistered':
      return versionHeard(validator, event.data, metadata, client);
    case 'CompatibilitySet': {
      const { subject, compatibility } = event.data;
      await client.query('UPDATE versions SET mode = $2 WHERE schema = $1', [subject, compatibility]);
      return reassessNewest(validator, [subject], metadata, client);
    }
    case 'ContractDeclared':
      await declared(event.data, client);
      return reassessNewest(validator, [event.data.subject], metadata, client);
    case 'ConsumerRetired':
      return reassessNewest(validator, await retired(event.data, client), metadata, client);
    case 'EnvironmentAdded':
    case 'PolicyChanged':
    case 'RevisionRecorded':
    case 'EnvironmentRetired':
      return environmentHeard(event, client);
    default:
  }
};

/** Follows the registry's and the orchestrator's events: each one once, its effect and its mark together. */
export const startOnRegistered = (validator: Validator): Promise<void> =>
  validator.service.subscribe({
    consumer: 'validator',
    topics: [topics.registry, topics.orchestrator],
    handler: async ({ envelope }: Delivery) => {
      const event = openEnvelope(envelope) as Heard;
      const metadata = metadataOf(envelope);
      await validator.inbox.once('validator', envelope.id, (transaction) =>
        hear(validator, event, metadata, postgresTransaction(transaction)),
      );
    },
  });
