import { EventIdReused, eventText } from './errors.js';
import {
  VersionConflict,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type NewEvent,
  type StoredEvent,
  type Upcaster,
} from './event-store.js';
import type { Outbox, OutboxSession } from './outbox.js';
import { upcasting } from './upcast.js';

/** How a memory store differs from the default. */
export interface MemoryEventStoreOptions {
  readonly upcasters?: readonly Upcaster[];
  /** The clock for `time`; default: the process's. */
  readonly now?: () => Date;
}

const oneAfterAnother = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
};

/** The events of one process, with the same promises as PostgreSQL's but durability. */
class MemoryEvents {
  readonly all: StoredEvent[] = [];
  readonly streams = new Map<string, StoredEvent[]>();
  readonly ids = new Set<string>();
  acknowledged = 0n;
  private wakers: (() => void)[] = [];

  constructor(private readonly now: () => Date) {}

  stream(name: string): StoredEvent[] {
    return this.streams.get(name) ?? [];
  }

  /** What these same ids made when they were appended before; undefined when they were not. */
  earlier(stream: string, expected: number, events: readonly NewEvent[]): StoredEvent[] | undefined {
    const found = this.stream(stream).slice(expected, expected + events.length);
    const same = found.length === events.length && found.every((event, i) => event.id === events[i]?.id);
    return same && events.length > 0 ? found : undefined;
  }

  prepare(stream: string, expected: number, events: readonly NewEvent[]): StoredEvent[] {
    const ids = new Set(events.map((event) => event.id));
    if (ids.size < events.length || events.some((event) => this.ids.has(event.id))) throw new EventIdReused(stream);
    for (const event of events) eventText(stream, event.data);
    const time = this.now().toISOString();
    const place = (i: number) => ({ streamVersion: expected + i + 1, position: BigInt(this.all.length + i + 1) });
    return events.map((event, i) => ({ ...structuredClone(event), stream, time, ...place(i) }));
  }

  commit(stream: string, events: readonly StoredEvent[]): void {
    this.all.push(...events);
    this.streams.set(stream, [...this.stream(stream), ...events]);
    for (const event of events) this.ids.add(event.id);
    for (const wake of this.wakers.splice(0)) wake();
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakers.push(() => (clearTimeout(timer), resolve()));
    });
  }
}

const appending =
  (events: MemoryEvents) =>
  async (
    stream: string,
    expected: number,
    added: readonly NewEvent[],
    options: AppendOptions,
  ): Promise<AppendResult> => {
    const actual = events.stream(stream).length;
    const earlier = events.earlier(stream, expected, added);
    if (earlier) return { streamVersion: expected + added.length, events: earlier, appended: false };
    if (actual !== expected) throw new VersionConflict(stream, expected, actual);
    if (added.length === 0) return { streamVersion: actual, events: [], appended: false };
    const stored = events.prepare(stream, expected, added);
    await options.also?.(undefined, stored);
    events.commit(stream, stored);
    return { streamVersion: expected + added.length, events: stored, appended: true };
  };

const memoryOutbox = (events: MemoryEvents, current: (event: StoredEvent) => StoredEvent): Outbox => {
  let led = false;
  const session = (): OutboxSession => ({
    pending: async (limit) => {
      const from = Number(events.acknowledged);
      return events.all.slice(from, from + limit).map(current);
    },
    acknowledge: async (upTo) => void (events.acknowledged = upTo),
    wait: (ms) => events.wait(ms),
    release: async () => void (led = false),
  });
  return {
    lead: async () => (led ? undefined : ((led = true), session())),
    backlog: async () => events.all.length - Number(events.acknowledged),
  };
};

/** An event store for unit tests and trials: everything in this process, gone with it. */
export const memoryEventStore = (options: MemoryEventStoreOptions = {}): EventStore & { readonly outbox: Outbox } => {
  const events = new MemoryEvents(options.now ?? (() => new Date()));
  const current = upcasting(options.upcasters);
  const serially = oneAfterAnother();
  const append = appending(events);
  return {
    append: (stream, expected, added, appendOptions = {}) =>
      serially(() => append(stream, expected, added, appendOptions)),
    readStream: async (stream, after = 0) => events.stream(stream).slice(after).map(current),
    readAll: async (after, limit) => events.all.slice(Number(after), Number(after) + limit).map(current),
    close: async () => undefined,
    outbox: memoryOutbox(events, current),
  };
};
