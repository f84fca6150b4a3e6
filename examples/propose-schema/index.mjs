// A service that proposes a version of its schema and declares what it reads, by two CloudEvents on Kafka.
// It needs nothing of the Schema Evolution Manager but the topic: KAFKA_BROKERS=localhost:9092 npm start
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';

export const topic = 'dsem.schema-changes';
const answers = 'registry.events';

/** A CloudEvent 1.0 in structured JSON; `docs/schemas/envelope.json` says what else may stand in it. */
const cloudEvent = (type, subject, service, data) => {
  const id = randomUUID();
  return {
    specversion: '1.0',
    id,
    source: `example/${service}`,
    type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: 0,
    tenant: 'default',
    actor: `service:${service}`,
    correlationid: id,
    causationid: id,
    data,
  };
};

/** "This is how my schema should be next." `definition` is DDL text or the canonical JSON model. */
export const schemaProposed = (service, { name, database, definition, version, reason }) =>
  cloudEvent('dsem.SchemaProposed.v1', name, service, { name, database, definition, version, reason });

/** "This version of me reads and writes these objects": `public.orders` or `public.orders.currency`. */
export const useDeclared = (service, { version, schema, reads, writes, environments }) =>
  cloudEvent('dsem.UseDeclared.v1', schema, service, {
    consumer: service,
    version,
    schema,
    reads,
    writes,
    environments,
  });

/** Sends events in order. The key is the schema's name, so that all messages about one schema keep their order. */
export const send = async (kafka, events) => {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const messages = events.map((event) => ({ key: event.subject, value: JSON.stringify(event) }));
    await producer.send({ topic, acks: -1, messages });
  } finally {
    await producer.disconnect();
  }
};

const summaryOf = ({ type, data }) => {
  if (type === 'dsem.VersionRegistered.v1') return `registered ${data.subject} ${data.version} (${data.digest})`;
  if (type === 'dsem.ContractDeclared.v1') return `declared ${data.consumer} ${data.version} on ${data.subject}`;
  if (type === 'dsem.ProposalRefused.v1') return `refused ${data.subject}: ${data.code} ${data.detail}`;
  return undefined;
};

/** Where the answers end now: reading from there misses nothing that is told after this moment. */
const endsOf = async (kafka) => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await admin.fetchTopicOffsets(answers);
  } finally {
    await admin.disconnect();
  }
};

/**
 * Follows the registry's answers from now on; `ask` sends what is asked. Ends when each event was answered or the
 * time is over: a schema that is already registered with the same content is not told again.
 */
export const answersTo = async (kafka, events, { ask, waitMs = 10_000, tell = console.log }) => {
  const open = new Set(events.map((event) => event.id));
  const consumer = kafka.consumer({ groupId: `propose-schema-${randomUUID()}` });
  let enough = () => {};
  const answered = new Promise((resolve) => (enough = resolve));
  const hear = async ({ message }) => {
    const event = JSON.parse(message.value?.toString() ?? '{}');
    const summary = open.has(event.causationid) ? summaryOf(event) : undefined;
    if (summary === undefined) return;
    tell(summary);
    open.delete(event.causationid);
    if (open.size === 0) enough();
  };
  const ends = await endsOf(kafka);
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: answers });
    await consumer.run({ eachMessage: hear });
    for (const { partition, offset } of ends) consumer.seek({ topic: answers, partition, offset });
    await ask();
    const timer = setTimeout(enough, waitMs);
    await answered;
    clearTimeout(timer);
  } finally {
    await consumer.disconnect();
  }
  return open.size === 0;
};

const main = async () => {
  const brokers = (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',');
  const kafka = new Kafka({ clientId: 'propose-schema', brokers, logLevel: logLevel.ERROR });
  const events = [
    schemaProposed('orders', {
      name: 'orders',
      database: 'postgresql',
      definition: 'CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2) NOT NULL);',
      reason: 'first version',
    }),
    useDeclared('billing', { version: '2.3.0', schema: 'orders', reads: ['public.orders.total'], writes: [] }),
  ];
  const all = await answersTo(kafka, events, { ask: () => send(kafka, events) });
  if (!all) console.log('not everything was answered: what is registered already is not told again');
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
