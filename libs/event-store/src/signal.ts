import pg from 'pg';
import { surviving } from './connection.js';

/** Wakes waiting loops when something happened; a hint only: every loop also looks by itself. */
export interface Signal {
  /** Resolves at the next notification, at the latest after `ms`; at once when one came since the last wait. */
  readonly wait: (ms: number) => Promise<void>;
  /** Ends a wait at once. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
}

class LocalSignal {
  private pending = false;
  private resume: (() => void) | undefined;

  wake(): void {
    if (this.resume) this.resume();
    else this.pending = true;
  }

  wait(ms: number): Promise<void> {
    if (this.pending) {
      this.pending = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.resume = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.resume = done;
    });
  }
}

/** One listening session per pool, shared by all signals on it; gone with the last one. */
class Hub {
  readonly signals = new Map<string, Set<LocalSignal>>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: pg.ClientConfig) {}

  /** At once, instead of a repetition that may be due: there is one session. */
  async connect(): Promise<void> {
    clearTimeout(this.retry);
    const client = surviving(new pg.Client(this.options));
    this.client = client;
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', ({ channel }) => this.wakeAll(channel));
    try {
      await client.connect();
      for (const channel of this.signals.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      for (const channel of this.signals.keys()) this.wakeAll(channel);
    } catch {
      this.reconnectLater(client);
    }
  }

  private reconnectLater(client: pg.Client): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.retry = setTimeout(() => void this.connect(), 1000);
    this.retry.unref();
  }

  private wakeAll(channel: string): void {
    for (const signal of this.signals.get(channel) ?? []) signal.wake();
  }

  async add(channel: string, signal: LocalSignal): Promise<void> {
    const known = this.signals.get(channel);
    this.signals.set(channel, (known ?? new Set()).add(signal));
    if (this.client === undefined) await this.connect();
    else if (!known) await this.client.query(`LISTEN ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
  }

  /** Whether nobody listens any more. */
  remove(channel: string, signal: LocalSignal): boolean {
    const set = this.signals.get(channel);
    set?.delete(signal);
    if (set?.size === 0) this.signals.delete(channel);
    return this.signals.size === 0;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }
}

const hubs = new WeakMap<pg.Pool, Hub>();

/** Listens to a channel on a session of its own beside the pool; all signals of a pool share that session. */
export const listenTo = async (pool: pg.Pool, channel: string): Promise<Signal> => {
  const hub = hubs.get(pool) ?? new Hub(pool.options);
  hubs.set(pool, hub);
  const signal = new LocalSignal();
  await hub.add(channel, signal);
  return {
    wait: (ms) => signal.wait(ms),
    wake: () => signal.wake(),
    close: async () => {
      signal.wake();
      if (!hub.remove(channel, signal)) return;
      hubs.delete(pool);
      await hub.close();
    },
  };
};
