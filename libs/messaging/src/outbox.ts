import type { Outbox, OutboxSession, StoredEvent } from '@dsem/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, OutgoingMessage } from './bus.js';
import { toEnvelope } from './envelope.js';

/** What the relay carries where. */
export interface OutboxRelayOptions {
  readonly outbox: Outbox;
  readonly bus: Pick<Bus, 'publish'>;
  /** The CloudEvents `source`: the service's name. */
  readonly source: string;
  /** The topic of an event; undefined keeps it inside the service. */
  readonly topic: string | ((event: StoredEvent) => string | undefined);
  /** Events per publish; default 200. */
  readonly batch?: number;
  /** How long to sleep without a hint, in ms; default 200. */
  readonly pollMs?: number;
  /** Runs before each batch is published; throwing leaves the batch in the outbox. For fault tests. */
  readonly beforePublish?: (events: readonly StoredEvent[]) => Promise<void>;
  /** Told after each acknowledged batch; for metrics. */
  readonly onPublished?: (events: readonly StoredEvent[]) => void;
  /** Told of each failure; the relay starts again by itself, later and later up to 5 s. */
  readonly onError?: (error: unknown) => void;
}

/** A running relay; of all that run on one outbox one works and the others wait to take over. */
export interface OutboxRelay {
  /** Finishes the batch in hand and gives up the leadership. */
  readonly stop: () => Promise<void>;
}

const toMessages = (events: readonly StoredEvent[], options: OutboxRelayOptions): OutgoingMessage[] =>
  events.flatMap((event) => {
    const topic = typeof options.topic === 'string' ? options.topic : options.topic(event);
    return topic === undefined ? [] : [{ topic, key: event.stream, envelope: toEnvelope(event, options.source) }];
  });

class Relay {
  private readonly ending = new AbortController();
  private session: OutboxSession | undefined;

  constructor(private readonly options: OutboxRelayOptions) {}

  private async rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }

  /** Publishes in order and marks only what the bus has acknowledged. */
  private async forward(session: OutboxSession): Promise<void> {
    const { batch = 200, pollMs = 200, bus, beforePublish, onPublished } = this.options;
    while (!this.ending.signal.aborted) {
      const events = await session.pending(batch);
      const last = events.at(-1);
      if (last === undefined) {
        await session.wait(pollMs);
        continue;
      }
      await beforePublish?.(events);
      const messages = toMessages(events, this.options);
      if (messages.length > 0) await bus.publish(messages);
      await session.acknowledge(last.position);
      onPublished?.(events);
    }
  }

  /** One leadership, from winning it to losing it; false when somebody else leads. */
  private async lead(): Promise<boolean> {
    this.session = await this.options.outbox.lead();
    if (this.session === undefined) return false;
    try {
      await this.forward(this.session);
    } finally {
      await this.session.release();
    }
    return true;
  }

  async run(): Promise<void> {
    let pause = 0;
    while (!this.ending.signal.aborted) {
      try {
        const led = await this.lead();
        pause = led ? 0 : (this.options.pollMs ?? 200);
      } catch (error) {
        this.options.onError?.(error);
        pause = Math.min(5000, Math.max(100, pause * 2));
      }
      await this.rest(pause);
    }
  }

  end(): void {
    this.ending.abort();
  }
}

/** Carries committed events to the bus, in order and at least once, until stopped. */
export const startOutboxRelay = (options: OutboxRelayOptions): OutboxRelay => {
  const relay = new Relay(options);
  const running = relay.run();
  return {
    stop: async () => {
      relay.end();
      await running;
    },
  };
};
