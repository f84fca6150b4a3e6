import type { Envelope } from '@dsem/events';

/** One message to publish: `key` decides order (the stream id). */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly envelope: Envelope;
}

/** One delivery. At least once; per key in order; `attempt` starts at 1. */
export interface Delivery {
  readonly topic: string;
  readonly key: string;
  readonly envelope: Envelope;
  readonly attempt: number;
}

/**
 * What a consumer does with a delivery. It must be idempotent by itself or write through an `Inbox`.
 * Throwing means: try again, then park the key (see `SubscribeOptions`).
 */
export type Handler = (delivery: Delivery) => Promise<void>;

export interface SubscribeOptions {
  /** Consumer group: processes with the same name share the work; each group sees every message. */
  readonly consumer: string;
  readonly topics: readonly string[];
  readonly handler: Handler;
  /** Quick tries before the key is parked and the message dead-lettered; default 3. */
  readonly tries?: number;
  /** Where this service keeps what it cannot handle; default: the bus's. */
  readonly parking?: ParkingLot;
  /** Told when a message was dead-lettered and its key parked; for logs, metrics and alerts. */
  readonly onParked?: (letter: Omit<DeadLetter, 'id' | 'at'>) => void;
  /** Told of each failed try and of each failure of the bus itself; the subscription goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Subscription {
  /** Finishes the delivery in hand, commits, and stops; resolves when nothing runs any more. */
  readonly stop: () => Promise<void>;
}

/** Distributes what the stores have decided. Never asked what is true. */
export interface Bus {
  /** Resolves when the messages are durable at the bus, in the given order per key. */
  readonly publish: (messages: readonly OutgoingMessage[]) => Promise<void>;
  readonly subscribe: (options: SubscribeOptions) => Promise<Subscription>;
  /** Whether the bus answers; for readiness. */
  readonly healthy: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** A delivery that could not be handled, with its cause. */
export interface DeadLetter {
  readonly id: string;
  readonly consumer: string;
  readonly topic: string;
  readonly key: string;
  /** The raw message: an undecodable one has no envelope. */
  readonly body: string;
  readonly cause: string;
  readonly at: string;
}

/**
 * Parked keys and dead letters of one service, kept in its own PostgreSQL schema (or memory in unit tests).
 * A parked key's later messages are kept behind the poisoned one, in order, until `replay`.
 */
export interface ParkingLot {
  readonly isParked: (consumer: string, key: string) => Promise<boolean>;
  /** All parked keys of a consumer. */
  readonly parkedKeys: (consumer: string) => Promise<ReadonlySet<string>>;
  /** Keeps the letter and parks its key. The empty key has no order: its letters are kept, but it is never parked. */
  readonly park: (letter: Omit<DeadLetter, 'id' | 'at'>) => Promise<void>;
  /** Keeps the letter behind the others of its key; false when the key is not parked (any more). */
  readonly parkBehind: (letter: Omit<DeadLetter, 'id' | 'at'>) => Promise<boolean>;
  /** Oldest first. */
  readonly list: (consumer?: string) => Promise<readonly DeadLetter[]>;
  /** Hands the key's letters to the handler again, in order; unparks the key when all succeed. Returns how many did. */
  readonly replay: (consumer: string, key: string, handler: Handler) => Promise<number>;
  /** Gives a letter up for good; unparks its key when it was the last. False when there is no such letter. */
  readonly discard: (id: string) => Promise<boolean>;
}

/** Remembers handled event ids per consumer; `once` runs the effect in one transaction with the mark. */
export interface Inbox {
  /** Runs `effect` unless (consumer, eventId) was handled; false when it was. PostgreSQL passes its client. */
  readonly once: (
    consumer: string,
    eventId: string,
    effect: (transaction: unknown) => Promise<void>,
  ) => Promise<boolean>;
}
