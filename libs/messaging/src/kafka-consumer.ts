import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import pRetry from 'p-retry';
import type { SubscribeOptions, Subscription } from './bus.js';
import type { Receiver } from './retry.js';
import { topicMissing } from './topic-missing.js';

const pauseAfterFailureMs = 500;

/** How soon a member sees partitions that had no leader yet when it joined; kafkajs would wait five minutes. */
const metadataMaxAgeMs = 3000;

/** Keeps the membership alive while a handler takes its time. */
const beating = async <T>(heartbeat: () => Promise<void>, work: () => Promise<T>): Promise<T> => {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), 2000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};

/** Handles a batch in order; commits after the handler, up to the last message that needs no redelivery. */
const eachBatch =
  (open: Receiver, onError: (error: unknown) => void) =>
  async ({
    batch,
    resolveOffset,
    heartbeat,
    commitOffsetsIfNecessary,
    isRunning,
    isStale,
    pause,
  }: EachBatchPayload) => {
    let next: bigint | undefined;
    const { topic, partition } = batch;
    try {
      const receive = await open();
      for (const { key, value, offset } of batch.messages) {
        if (!isRunning() || isStale()) break;
        const message = { topic, key: key?.toString() ?? '', body: value?.toString() ?? '' };
        await beating(heartbeat, () => receive(message));
        resolveOffset(offset);
        next = BigInt(offset) + 1n;
      }
    } catch (error) {
      onError(error);
      const resume = pause();
      setTimeout(resume, pauseAfterFailureMs).unref();
    }
    if (next !== undefined)
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next.toString() }] }] });
    await heartbeat();
  };

/** A consumer that is built anew whenever kafkajs gives one up. */
class LastingConsumer {
  private current: Consumer | undefined;
  private stopping = false;
  private restarting = false;
  private rebuilding: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: SubscribeOptions,
    private readonly open: Receiver,
    private readonly sessionTimeout: number,
  ) {}

  private report(error: unknown): void {
    this.options.onError?.(error);
  }

  async start(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.options.consumer,
      sessionTimeout: this.sessionTimeout,
      rebalanceTimeout: this.sessionTimeout * 2,
      heartbeatInterval: Math.min(1000, this.sessionTimeout / 4),
      maxWaitTimeInMs: 200,
      metadataMaxAge: metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1000, restartOnFailure: async () => false },
    });
    this.current = consumer;
    consumer.on(consumer.events.CRASH, ({ payload }) => this.rebuild(consumer, payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: eachBatch(this.open, (error) => this.report(error)),
    });
  }

  private rebuild(crashed: Consumer, error: unknown): void {
    if (this.stopping || this.current !== crashed) return;
    this.current = undefined;
    this.report(error);
    if (!this.restarting) this.rebuilding = this.restart(crashed);
  }

  private async restart(crashed: Consumer): Promise<void> {
    this.restarting = true;
    await crashed.disconnect().catch(() => undefined);
    while (!this.stopping && this.current === undefined) {
      await sleep(pauseAfterFailureMs);
      try {
        if (!this.stopping) await this.start();
      } catch (error) {
        this.report(error);
        await this.abandon();
      }
    }
    this.restarting = false;
  }

  /** Gives the present client up; `start` builds another. */
  async abandon(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.disconnect().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.rebuilding;
    await this.abandon();
  }
}

/** At the first start of many processes a topic may be listed before its partitions can be asked for. */
const joinPatiently = (consumer: LastingConsumer): Promise<void> =>
  pRetry(() => consumer.start(), {
    retries: 20,
    minTimeout: pauseAfterFailureMs,
    factor: 1,
    onFailedAttempt: () => consumer.abandon(),
    shouldRetry: ({ error }) => topicMissing(error),
  });

/** Joins a consumer group and works until stopped; resolves when it has joined for the first time. */
export const startKafkaConsumer = async (
  kafka: Kafka,
  options: SubscribeOptions,
  open: Receiver,
  sessionTimeoutMs: number,
): Promise<Subscription> => {
  const consumer = new LastingConsumer(kafka, options, open, sessionTimeoutMs);
  await joinPatiently(consumer).catch(async (error: unknown) => {
    await consumer.stop();
    throw error;
  });
  return { stop: () => consumer.stop() };
};
