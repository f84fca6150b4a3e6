import { randomUUID } from 'node:crypto';
import { schemaProposed, topics, typeName } from '@dsem/events';
import { Kafka, logLevel } from 'kafkajs';
import { withClient } from './databases.js';

/**
 * Sends a message as somebody outside does: text that nobody has checked; to `dsem.schema-changes`, or to a topic that is
 * not meant for outsiders.
 */
export type PublishOutside = (key: string, body: string, topic?: string) => Promise<void>;

/** Outsiders of a standalone server write to its bus in PostgreSQL. */
export const overPostgres =
  (databaseUrl: string): PublishOutside =>
  (key, body, topic = topics.schemaChanges) =>
    withClient(databaseUrl, async (client) => {
      const sql = 'SELECT bus.publish_messages($1::text[], $2::text[], $3::text[])';
      await client.query(sql, [[topic], [key], [body]]);
    });

/** Outsiders of a distributed product write to its broker. */
export const overKafka =
  (brokers: readonly string[]): PublishOutside =>
  async (key, body, topic = topics.schemaChanges) => {
    const producer = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    try {
      await producer.send({ topic, messages: [{ key, value: body }] });
    } finally {
      await producer.disconnect();
    }
  };

/** The text of a message that proposes the next version of a schema. */
export const proposalText = (name: string, definition: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: `service/${name}`,
    type: typeName(schemaProposed.type, schemaProposed.version),
    subject: name,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: 0,
    tenant: 'default',
    actor: `service:${name}`,
    correlationid: randomUUID(),
    causationid: randomUUID(),
    data: { name, database: 'postgresql', definition },
  });
