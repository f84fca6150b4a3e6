import type { EventBody } from './decider.js';

/** Who caused an event, and which request or event it belongs to. */
export interface EventMetadata {
  readonly tenant: string;
  /** `person:`, `key:`, `service:`, `agent:` or, from the public topic, `foreign:` and an id. */
  readonly actor: string;
  readonly onBehalfOf?: string;
  /** The user's request or rollout that all following events share. */
  readonly correlationId: string;
  /** The command or event just before. */
  readonly causationId: string;
  readonly traceparent?: string;
}

export interface NewEvent extends EventBody {
  /** UUID chosen by the appender: the same ids again are a success, not a conflict. */
  readonly id: string;
  readonly metadata: EventMetadata;
}

/** An event as it is stored. `streamVersion` starts at 1; `position` is gap-free and in commit order, from 1. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  readonly streamVersion: number;
  readonly position: bigint;
  /** ISO 8601, the database server's clock. */
  readonly time: string;
}

export interface AppendResult {
  readonly streamVersion: number;
  readonly events: readonly StoredEvent[];
  /** false when exactly these events had been appended before. */
  readonly appended: boolean;
}

/** Thrown when the stream is not at the expected version; nothing was appended. */
export class VersionConflict extends Error {
  readonly code = 'DSEM-4009';
  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`stream ${stream} is at version ${actual}, expected ${expected}`);
    this.name = 'VersionConflict';
  }
}

/** A unit of work in the store's own transaction: events, outbox and whatever `also` writes commit together. */
export interface AppendOptions {
  /** Runs in the same transaction, after the events are written; PostgreSQL passes its client, memory passes undefined. */
  readonly also?: (transaction: unknown, events: readonly StoredEvent[]) => Promise<void>;
}

/** Append-only streams with a gap-free global order; the outbox is filled in the same transaction. */
export interface EventStore {
  /**
   * Appends to one stream that must be exactly at `expectedVersion` (0: must not exist).
   * @throws VersionConflict
   */
  readonly append: (
    stream: string,
    expectedVersion: number,
    events: readonly NewEvent[],
    options?: AppendOptions,
  ) => Promise<AppendResult>;
  /** A stream's events after `afterVersion`, upcast to their current versions, in order. O(events read). */
  readonly readStream: (stream: string, afterVersion?: number) => Promise<readonly StoredEvent[]>;
  /** All events after `afterPosition`, at most `limit`, in global order; never skips one that commits later. */
  readonly readAll: (afterPosition: bigint, limit: number) => Promise<readonly StoredEvent[]>;
  readonly close: () => Promise<void>;
}

/** One step from an older major version of an event to the next; pure. */
export interface Upcaster {
  readonly type: string;
  readonly from: number;
  readonly upcast: (data: unknown) => unknown;
}
