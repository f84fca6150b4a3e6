import type { Pool } from 'pg';
import { inTransaction, surviving, type PostgresTransaction } from './connection.js';
import type { EventStore, StoredEvent } from './event-store.js';
import { eventsChannel, quoted } from './migrations.js';
import { listenTo, type Signal } from './signal.js';

/** A read model that follows its service's own store. */
export interface ProjectionOptions {
  readonly name: string;
  /** Raise it when `apply` changes: the projection is then rebuilt at its next start. Default 1. */
  readonly version?: number;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly pool: Pool;
  readonly schema: string;
  /** Writes one event's effect through the client; in one transaction with the checkpoint, in global order. */
  readonly apply: (event: StoredEvent, client: PostgresTransaction) => Promise<void>;
  /** Empties the read model before a rebuild, in the rebuild's transaction. */
  readonly reset: (client: PostgresTransaction) => Promise<void>;
  /** Events per transaction; default 200. */
  readonly batch?: number;
  /** How long to sleep without a hint, in ms; default 1000. */
  readonly pollMs?: number;
  /** Told of each failure; the projection tries again by itself, later and later up to 5 s. */
  readonly onError?: (error: unknown, event: StoredEvent | undefined) => void;
}

/** A running projection. Several processes may run the same one: they take turns. */
export interface Projection {
  /** The position up to which the read model is complete. */
  readonly position: () => Promise<bigint>;
  /** Waits until the read model holds `position` (for answers right after a write); false after `timeoutMs`. */
  readonly waitFor: (position: bigint, timeoutMs: number) => Promise<boolean>;
  /** Empties the read model and replays everything; resolves when emptied, `waitFor` tells when it is done. */
  readonly rebuild: () => Promise<void>;
  /** Finishes the transaction in hand. */
  readonly stop: () => Promise<void>;
}

interface Checkpoint {
  readonly version: number;
  readonly position: bigint;
}

class Runner {
  private stopping = false;
  private current: StoredEvent | undefined;
  private pause = 0;
  private waiting: { at: bigint; done: () => void }[] = [];

  constructor(
    private readonly options: ProjectionOptions,
    private readonly signal: Signal,
  ) {}

  private readonly table = () => `${quoted(this.options.schema)}.projections`;

  private async read(client: Pick<PostgresTransaction, 'query'>, lock = ''): Promise<Checkpoint | undefined> {
    const select = `SELECT version, position FROM ${this.table()} WHERE name = $1 ${lock}`;
    const { rows } = await client.query<{ version: number; position: string }>(select, [this.options.name]);
    return rows[0] && { version: rows[0].version, position: BigInt(rows[0].position) };
  }

  private async write(client: PostgresTransaction, position: bigint): Promise<void> {
    const { name, version = 1 } = this.options;
    const update = `UPDATE ${this.table()} SET version = $2, position = $3 WHERE name = $1`;
    await client.query(update, [name, version, position]);
  }

  /** Where to go on; first empties the read model when it is new or of another version. */
  private async checkpoint(): Promise<bigint> {
    const { pool, name, version = 1 } = this.options;
    const found = await this.read(pool);
    if (found?.version === version) return found.position;
    const insert = `INSERT INTO ${this.table()} (name, version, position) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING`;
    await pool.query(insert, [name]);
    return inTransaction(pool, async (client) => {
      const locked = await this.read(client, 'FOR UPDATE');
      if (locked?.version === version) return locked.position;
      await this.options.reset(client);
      await this.write(client, 0n);
      return 0n;
    });
  }

  /** Applies one batch, unless another process has done so meanwhile. */
  private async step(): Promise<{ applied: number; position: bigint }> {
    const { store, apply, pool, batch = 200 } = this.options;
    const from = await this.checkpoint();
    const events = await store.readAll(from, batch);
    const position = events.at(-1)?.position ?? from;
    if (events.length === 0) return { applied: 0, position };
    return inTransaction(pool, async (client) => {
      const locked = await this.read(client, 'FOR UPDATE');
      if (locked?.position !== from || locked.version !== (this.options.version ?? 1))
        return { applied: 1, position: 0n };
      for (this.current of events) await apply(this.current, client);
      await this.write(client, position);
      return { applied: events.length, position };
    });
  }

  private announce(position: bigint): void {
    const ready = this.waiting.filter(({ at }) => at <= position);
    this.waiting = this.waiting.filter(({ at }) => at > position);
    for (const { done } of ready) done();
  }

  async run(): Promise<void> {
    while (!this.stopping) {
      try {
        const { applied, position } = await this.step();
        this.pause = 0;
        this.announce(position);
        if (applied > 0) continue;
      } catch (error) {
        this.pause = Math.min(5000, this.pause === 0 ? 100 : this.pause * 2);
        this.options.onError?.(error, this.current);
      }
      await this.signal.wait(Math.max(this.pause, this.options.pollMs ?? 1000));
    }
  }

  end(): void {
    this.stopping = true;
    this.signal.wake();
  }

  waitFor(at: bigint, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const entry = { at, done: () => (clearTimeout(timer), resolve(true)) };
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((waiting) => waiting !== entry);
        resolve(false);
      }, timeoutMs);
      this.waiting.push(entry);
      this.signal.wake();
    });
  }

  async rebuild(): Promise<void> {
    await this.checkpoint();
    await inTransaction(this.options.pool, async (client) => {
      await this.read(client, 'FOR UPDATE');
      await this.options.reset(client);
      await this.write(client, 0n);
    });
    this.signal.wake();
  }
}

/** Starts to follow the store from the checkpoint; wakes by NOTIFY or poll, and goes on over failures by itself. */
export const startProjection = async (options: ProjectionOptions): Promise<Projection> => {
  surviving(options.pool);
  const signal = await listenTo(options.pool, eventsChannel(options.schema));
  const runner = new Runner(options, signal);
  const running = runner.run();
  const select = `SELECT position FROM ${quoted(options.schema)}.projections WHERE name = $1`;
  return {
    position: async () => {
      const { rows } = await options.pool.query<{ position: string }>(select, [options.name]);
      return BigInt(rows[0]?.position ?? 0);
    },
    waitFor: (position, timeoutMs) => runner.waitFor(position, timeoutMs),
    rebuild: () => runner.rebuild(),
    stop: async () => {
      runner.end();
      await running;
      await signal.close();
    },
  };
};
