import type { StoredEvent } from './event-store.js';

/** What one elected reader of the outbox does: publish in order, then acknowledge. */
export interface OutboxSession {
  /** The oldest events that are not acknowledged, at most `limit`, in global order. */
  readonly pending: (limit: number) => Promise<readonly StoredEvent[]>;
  /** Everything up to this position is at the bus. @throws when the leadership was lost */
  readonly acknowledge: (upTo: bigint) => Promise<void>;
  /** Resolves when new events may be there, at the latest after `ms`. */
  readonly wait: (ms: number) => Promise<void>;
  /** Gives up the leadership. */
  readonly release: () => Promise<void>;
}

/** Events that a store committed and nobody has published yet. At most one session leads at a time. */
export interface Outbox {
  /** Becomes the leader; undefined while somebody else is. */
  readonly lead: () => Promise<OutboxSession | undefined>;
  /** How many events wait to be published; for health and metrics. */
  readonly backlog: () => Promise<number>;
}
