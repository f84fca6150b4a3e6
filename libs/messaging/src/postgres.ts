import { connectionLost, listenTo, quoted, surviving, type Signal } from '@dsem/event-store';
import type { Pool } from 'pg';
import type { Bus, ParkingLot, SubscribeOptions, Subscription } from './bus.js';
import { encode } from './codec.js';
import { BusUnavailable } from './errors.js';
import { messagesChannel } from './migrations.js';
import { postgresParking } from './postgres-parking.js';
import { slotName, SlotLeases, type Slot, type SlotMessage } from './postgres-slots.js';
import { Permits } from './permits.js';
import { receiver, type Receiver } from './retry.js';
import { withTrace } from './tracing.js';

/** Where the bus keeps its messages; `migrateBus` has made the tables. */
export interface PostgresBusOptions {
  readonly pool: Pool;
  /** The bus's own schema, the same for all services. */
  readonly schema: string;
  /** Where subscriptions without a parking lot of their own keep dead letters; default: the bus's schema. */
  readonly parking?: ParkingLot;
  /** How long a member may be silent before others take its share, in ms; default 5000. */
  readonly leaseMs?: number;
  /** How long to sleep without a hint, in ms; default 500. */
  readonly pollMs?: number;
  /**
   * How long a message is kept for consumer groups to come, in ms; default 7 days. One that a known group has not
   * finished is never removed.
   */
  readonly retentionMs?: number;
  /**
   * How many handlers run at a time, over all subscriptions. A handler may hold two sessions (inbox and store), so the
   * default is what leaves room in the pool: its `max` / 2 - 1.
   */
  readonly concurrency?: number;
}

const trimEveryMs = 60_000;

interface Settings {
  readonly retentionMs: number;
  readonly leaseMs: number;
  readonly pollMs: number;
}

const batchSize = 50;

/** Slots that one member has messages in hand for; how many of them are handled at a time is the bus's permits. */
const slotsInHand = 4;

/** One member of a consumer group: a loop that fetches for idle slots, and one task per slot with messages. */
class Member {
  private stopping = false;
  private held: Slot[] = [];
  private names = new Set<string>();
  private nextRenewal = 0;
  private nextTrim = 0;
  private readonly busy = new Map<string, Promise<void>>();
  private readonly restUntil = new Map<string, number>();
  /** When each slot was last worked on, as a running number: the longest waiting goes first. */
  private readonly turns = new Map<string, number>();
  private turn = 0;

  constructor(
    private readonly leases: SlotLeases,
    private readonly open: Receiver,
    private readonly signal: Signal,
    private readonly settings: Settings,
    private readonly onError: (error: unknown) => void,
  ) {}

  private async renew(): Promise<void> {
    if (Date.now() < this.nextRenewal) return;
    this.held = await this.leases.renew(new Set(this.busy.keys()));
    this.names = new Set(this.held.map(slotName));
    this.nextRenewal = Date.now() + this.settings.leaseMs / 3;
    if (Date.now() < this.nextTrim) return;
    await this.leases.trim(this.settings.retentionMs);
    this.nextTrim = Date.now() + trimEveryMs;
  }

  private idle(): Slot[] {
    const rested = (name: string): boolean => (this.restUntil.get(name) ?? 0) <= Date.now();
    const turn = (slot: Slot): number => this.turns.get(slotName(slot)) ?? 0;
    const idle = this.held.filter((slot) => !this.busy.has(slotName(slot)) && rested(slotName(slot)));
    return idle.sort((a, b) => turn(a) - turn(b));
  }

  /** Handles a slot's messages in order and commits up to the last one that needs no redelivery. */
  private async work(slot: Slot, messages: readonly SlotMessage[]): Promise<void> {
    let done: bigint | undefined;
    try {
      const receive = await this.open();
      for (const message of messages) {
        if (this.stopping || !this.names.has(slotName(slot))) break;
        await receive(message);
        done = message.seq;
      }
    } catch (error) {
      this.restUntil.set(slotName(slot), Date.now() + 500);
      this.onError(error);
    }
    if (done !== undefined) await this.leases.commit(slot, done);
  }

  private async dispatch(): Promise<void> {
    const room = slotsInHand - this.busy.size;
    const idle = this.idle();
    if (room <= 0 || idle.length === 0) return;
    const found = await this.leases.fetch(idle, batchSize);
    for (const slot of idle.filter((candidate) => found.has(slotName(candidate))).slice(0, room)) {
      const name = slotName(slot);
      this.turns.set(name, ++this.turn);
      const task = this.work(slot, found.get(name) ?? [])
        .catch(this.onError)
        .finally(() => (this.busy.delete(name), this.signal.wake()));
      this.busy.set(name, task);
    }
  }

  async run(): Promise<void> {
    while (!this.stopping) {
      let pause = this.settings.pollMs;
      try {
        await this.renew();
        await this.dispatch();
      } catch (error) {
        this.onError(error);
        pause = 1000;
      }
      await this.signal.wait(Math.min(pause, Math.max(50, this.nextRenewal - Date.now())));
    }
    await Promise.all(this.busy.values());
    await this.leases.leave().catch(this.onError);
  }

  end(): void {
    this.stopping = true;
    this.signal.wake();
  }
}

const week = 7 * 24 * 3_600_000;

const subscribing = ({ pool, schema, ...options }: PostgresBusOptions) => {
  const { leaseMs = 5000, pollMs = 500, retentionMs = week } = options;
  const permits = new Permits(options.concurrency ?? Math.max(1, Math.floor((pool.options.max ?? 10) / 2) - 1));
  return async (subscription: SubscribeOptions): Promise<Subscription> => {
    const { consumer, topics, onError = () => undefined } = subscription;
    const parking = subscription.parking ?? options.parking ?? postgresParking({ pool, schema });
    const leases = new SlotLeases({ pool, schema, consumer, topics, leaseMs });
    await leases.prepare();
    const signal = await listenTo(pool, messagesChannel(schema));
    const open = receiver(subscription, parking, permits);
    const member = new Member(leases, open, signal, { leaseMs, pollMs, retentionMs }, onError);
    const running = member.run();
    return {
      stop: async () => {
        member.end();
        await running;
        await signal.close();
      },
    };
  };
};

/**
 * A durable bus in PostgreSQL: ordered per key, shared by several processes, no other server needed. The pool stays the
 * caller's.
 */
export const postgresBus = (options: PostgresBusOptions): Bus => {
  const { pool, schema } = options;
  surviving(pool);
  const open = new Set<Subscription>();
  const subscribe = subscribing(options);
  const sql = `SELECT ${quoted(schema)}.publish_messages($1, $2, $3)`;
  return {
    publish: async (messages) => {
      const bodies = messages.map(({ envelope }) => encode(withTrace(envelope)));
      const columns = [messages.map(({ topic }) => topic), messages.map(({ key }) => key), bodies];
      await pool.query(sql, columns).catch((error: unknown) => {
        throw connectionLost(error) ? new BusUnavailable('postgres', { cause: error }) : error;
      });
    },
    subscribe: async (subscription) => {
      const started = await subscribe(subscription);
      const stop = () => (open.delete(started), started.stop());
      open.add(started);
      return { stop };
    },
    healthy: () =>
      pool.query(`SELECT FROM ${quoted(schema)}.messages LIMIT 1`).then(
        () => true,
        () => false,
      ),
    close: async () => {
      await Promise.all([...open].map((subscription) => subscription.stop()));
      open.clear();
    },
  };
};
