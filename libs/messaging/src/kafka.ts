import { Kafka, type KafkaConfig, type Message, type Producer, type TopicMessages } from 'kafkajs';
import pRetry from 'p-retry';
import type { Bus, OutgoingMessage, ParkingLot, SubscribeOptions, Subscription } from './bus.js';
import { encode } from './codec.js';
import { BusUnavailable } from './errors.js';
import { startKafkaConsumer } from './kafka-consumer.js';
import { logging, type BusLog } from './kafka-log.js';
import { Permits } from './permits.js';
import { receiver } from './retry.js';
import { topicMissing } from './topic-missing.js';
import { withTrace } from './tracing.js';

/** How to reach Kafka, and where to keep what cannot be handled. */
export interface KafkaBusOptions {
  /** Brokers, client id, TLS and SASL as kafkajs takes them. */
  readonly kafka: KafkaConfig;
  /** Where subscriptions without a parking lot of their own keep dead letters; it must be durable. */
  readonly parking: ParkingLot;
  /** Partitions of a topic that has to be created; default 8. */
  readonly partitions?: number;
  /** Create missing topics when they are first used; default true. Switch it off where an operator creates them. */
  readonly createTopics?: boolean;
  /** How many handlers run at a time, over all subscriptions; default 4. Keep it below half of the database pool. */
  readonly concurrency?: number;
  /** How long a member may be silent before others take its share, in ms; default 10,000. */
  readonly sessionTimeoutMs?: number;
  /** Where kafkajs writes what it notices; default nowhere. */
  readonly log?: BusLog;
}

/** A client whose tries end within a few seconds: the callers' own loops go on, with a new client. */
export const kafkaClient = (config: KafkaConfig, log?: BusLog): Kafka =>
  new Kafka({
    ...logging(log),
    connectionTimeout: 3000,
    ...config,
    retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1000, ...config.retry },
  });

/** Resolves when a broker answers; one try each. @throws why none does */
export const askKafka = async (config: KafkaConfig): Promise<void> => {
  const retries = Array.isArray(config.brokers) ? config.brokers.length - 1 : 0;
  const admin = kafkaClient({ ...config, retry: { retries } }).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

/**
 * Creates those of the topics that are missing, with the broker’s own replication factor. Many processes do so at their
 * first start; a topic that another one creates at this moment may be listed before its leader can be asked for.
 */
export const ensureTopics = async (
  config: KafkaConfig,
  names: readonly string[],
  partitions = 8,
  log?: BusLog,
): Promise<void> => {
  const admin = kafkaClient(config, log).admin();
  await admin.connect();
  const create = async (): Promise<void> => {
    const known = new Set(await admin.listTopics());
    const missing = names.filter((name) => !known.has(name));
    const topics = missing.map((topic) => ({ topic, numPartitions: partitions }));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
  };
  try {
    await pRetry(create, { retries: 20, minTimeout: 250, factor: 1, shouldRetry: ({ error }) => topicMissing(error) });
  } finally {
    await admin.disconnect();
  }
};

const toKafka = ({ key, envelope }: OutgoingMessage): Message => {
  const traced = withTrace(envelope);
  const headers: Record<string, string> = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  if (traced.traceparent !== undefined) headers['traceparent'] = traced.traceparent;
  return { key: key === '' ? null : key, value: encode(traced), headers };
};

const byTopic = (messages: readonly Routed[]): TopicMessages[] => {
  const topics = new Map<string, Message[]>();
  for (const { topic, message } of messages) topics.set(topic, [...(topics.get(topic) ?? []), message]);
  return [...topics].map(([topic, batch]) => ({ topic, messages: batch }));
};

interface Routed {
  readonly topic: string;
  readonly message: Message;
}

/** Below Kafka's default for one record batch (1 MiB), which holds all of a request's messages for one partition. */
const maxBatchBytes = 1_000_000;
const overheadBytes = 600;

/** Requests that each fit into one record batch, in the given order. @throws MessageTooLarge */
const requests = (messages: readonly OutgoingMessage[]): TopicMessages[][] => {
  const chunks: Routed[][] = [];
  let room = 0;
  for (const each of messages) {
    const message = toKafka(each);
    const size = Buffer.byteLength(String(message.value)) + overheadBytes;
    if (size > room || chunks.length === 0) {
      chunks.push([]);
      room = maxBatchBytes;
    }
    chunks.at(-1)?.push({ topic: each.topic, message });
    room -= size;
  }
  return chunks.map(byTopic);
};

/** Sends one batch after the other through an idempotent producer; a producer that failed is never used again. */
class Sender {
  private producer: Producer | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly kafka: Kafka) {}

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    this.producer = producer;
    return producer;
  }

  private async attempt(batches: readonly TopicMessages[][], prepare: () => Promise<void>): Promise<void> {
    try {
      await prepare();
      const producer = await this.connected();
      for (const topicMessages of batches) await producer.sendBatch({ acks: -1, timeout: 10_000, topicMessages });
    } catch (error) {
      await this.drop();
      throw new BusUnavailable('kafka', { cause: error });
    }
  }

  async send(messages: readonly OutgoingMessage[], prepare: () => Promise<void>): Promise<void> {
    const batches = requests(messages);
    const next = this.last.then(() => this.attempt(batches, prepare));
    this.last = next.catch(() => undefined);
    return next;
  }

  async drop(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

class KafkaBus implements Bus {
  private readonly kafka: Kafka;
  private readonly sender: Sender;
  private readonly permits: Permits;
  private readonly ensured = new Set<string>();
  private readonly open = new Set<Subscription>();

  constructor(private readonly options: KafkaBusOptions) {
    this.kafka = kafkaClient(options.kafka, options.log);
    this.permits = new Permits(options.concurrency ?? 4);
    this.sender = new Sender(this.kafka);
  }

  private async ensure(topics: readonly string[]): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.ensured.has(topic));
    if (unknown.length === 0 || this.options.createTopics === false) return;
    await ensureTopics(this.options.kafka, unknown, this.options.partitions, this.options.log);
    for (const topic of unknown) this.ensured.add(topic);
  }

  readonly publish: Bus['publish'] = (messages) =>
    messages.length === 0
      ? Promise.resolve()
      : this.sender.send(messages, () => this.ensure(messages.map(({ topic }) => topic)));

  readonly subscribe = async (subscription: SubscribeOptions): Promise<Subscription> => {
    await this.ensure(subscription.topics);
    const { parking, sessionTimeoutMs = 10_000 } = this.options;
    const open = receiver(subscription, subscription.parking ?? parking, this.permits);
    const started = await startKafkaConsumer(this.kafka, subscription, open, sessionTimeoutMs);
    this.open.add(started);
    return { stop: () => (this.open.delete(started), started.stop()) };
  };

  readonly healthy = (): Promise<boolean> =>
    askKafka(this.options.kafka).then(
      () => true,
      () => false,
    );

  readonly close = async (): Promise<void> => {
    await Promise.all([...this.open].map((subscription) => subscription.stop()));
    await this.sender.drop();
  };
}

/** The bus of the distributed composition: Kafka distributes; order and exactly-once rest on key order and the inbox. */
export const kafkaBus = (options: KafkaBusOptions): Bus => new KafkaBus(options);
