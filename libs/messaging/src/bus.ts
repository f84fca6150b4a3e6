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

/** Which letters a list shows; what is absent narrows nothing. */
export interface LetterFilter {
  readonly consumer?: string | undefined;
  readonly topic?: string | undefined;
  readonly key?: string | undefined;
  /** Only letters behind the one with this id. */
  readonly after?: number | undefined;
  /** At most so many. */
  readonly take?: number | undefined;
}

/** A key that waits, and how many letters wait with it. */
export interface ParkedKey {
  readonly consumer: string;
  readonly key: string;
  readonly since: string;
  readonly letters: number;
}

/** Which parked keys a list shows: ordered by consumer and key, those behind `after`. */
export interface ParkedKeyFilter {
  readonly consumer?: string | undefined;
  readonly after?: readonly [consumer: string, key: string] | undefined;
  readonly take?: number | undefined;
}

/** How much waits for one consumer. */
export interface ParkedCount {
  readonly consumer: string;
  readonly letters: number;
  readonly keys: number;
}

/** What a replay came to. */
export interface Replay {
  /** How many letters were handled and are gone. */
  readonly replayed: number;
  /** How many letters of the key are still there. */
  readonly remaining: number;
  /** The letter that ended the replay because it cannot be handled still, with its new cause. */
  readonly failed?: DeadLetter;
}

/** How a replay differs from handing over everything and forgetting it. */
export interface ReplayOptions {
  /** At most so many letters; default all. */
  readonly most?: number | undefined;
  /** Removes a handled letter; default `discard(letter.id)`. */
  readonly settle?: ((letter: DeadLetter) => Promise<void>) | undefined;
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
  /** Oldest first; ids are whole numbers that grow. */
  readonly list: (filter?: LetterFilter) => Promise<readonly DeadLetter[]>;
  readonly letter: (id: string) => Promise<DeadLetter | undefined>;
  readonly keys: (filter?: ParkedKeyFilter) => Promise<readonly ParkedKey[]>;
  /** How much waits, for each consumer with which anything does. */
  readonly counts: () => Promise<readonly ParkedCount[]>;
  /**
   * Hands the key's letters to the handler again, in order, up to the first that fails; unparks the key when none is left.
   * @throws ReplayInProgress while another replay of the key runs
   */
  readonly replay: (consumer: string, key: string, handler: Handler, options?: ReplayOptions) => Promise<Replay>;
  /**
   * Gives a letter up for good; unparks its key when it was the last. False when there is no such letter.
   * PostgreSQL does it in the given transaction (`AppendOptions.also`), or in one of its own.
   */
  readonly discard: (id: string, transaction?: unknown) => Promise<boolean>;
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
