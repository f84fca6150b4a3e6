import { inTransaction, quoted, type PostgresTransaction } from '@dsem/event-store';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { slotsPerTopic } from './migrations.js';
import type { RawMessage } from './retry.js';

/** A part of a topic that one member of a consumer group works on at a time. */
export interface Slot {
  readonly topic: string;
  readonly slot: number;
}

/** A message with its place on the bus. */
export interface SlotMessage extends RawMessage {
  readonly seq: bigint;
}

/** What a member's leases are about. */
export interface LeaseOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly consumer: string;
  readonly topics: readonly string[];
  /** How long a member may be silent before its slots are given to others, in ms. */
  readonly leaseMs: number;
}

/** A slot's name inside this process. */
export const slotName = ({ topic, slot }: Slot): string => `${topic}#${slot}`;

const columns = (slots: readonly Slot[]): [string[], number[]] => [
  slots.map(({ topic }) => topic),
  slots.map(({ slot }) => slot),
];

/** One member of a consumer group and the slots it holds: as many as its fair share, each under a lease. */
export class SlotLeases {
  readonly member = randomUUID();
  private readonly slots: string;
  private readonly members: string;
  private readonly messages: string;

  constructor(private readonly options: LeaseOptions) {
    const s = quoted(options.schema);
    this.slots = `${s}.consumer_slots`;
    this.members = `${s}.consumer_members`;
    this.messages = `${s}.messages`;
  }

  /** Makes the group's slots exist; a new group starts at the first message. */
  async prepare(): Promise<void> {
    const sql = `INSERT INTO ${this.slots} (consumer, topic, slot)
      SELECT $1, topic, slot FROM unnest($2::text[]) AS topic, generate_series(0, ${slotsPerTopic - 1}) AS slot
      ON CONFLICT DO NOTHING`;
    await this.options.pool.query(sql, [this.options.consumer, this.options.topics]);
  }

  private async fairShare(client: PostgresTransaction): Promise<number> {
    const { consumer, topics, leaseMs } = this.options;
    const alive = `INSERT INTO ${this.members} (consumer, member, seen_at) VALUES ($1, $2, now())
      ON CONFLICT (consumer, member) DO UPDATE SET seen_at = excluded.seen_at`;
    await client.query(alive, [consumer, this.member]);
    const gone = `DELETE FROM ${this.members} WHERE consumer = $1 AND seen_at < now() - $2 * interval '1 ms'`;
    await client.query(gone, [consumer, leaseMs]);
    const count = `SELECT count(*)::int AS n FROM ${this.members} WHERE consumer = $1`;
    const { rows } = await client.query<{ n: number }>(count, [consumer]);
    return Math.ceil((topics.length * slotsPerTopic) / Math.max(1, rows[0]?.n ?? 1));
  }

  /** Renews the leases and moves towards the fair share; slots in `busy` are kept. Returns the slots now held. */
  renew(busy: ReadonlySet<string>): Promise<Slot[]> {
    const { pool, consumer, topics, leaseMs } = this.options;
    return inTransaction(pool, async (client) => {
      const share = await this.fairShare(client);
      const keep = `UPDATE ${this.slots} SET lease_until = now() + $3 * interval '1 ms'
        WHERE consumer = $1 AND owner = $2 AND topic = ANY ($4) RETURNING topic, slot`;
      const { rows: held } = await client.query<Slot>(keep, [consumer, this.member, leaseMs, topics]);
      if (held.length < share) return [...held, ...(await this.claim(client, share - held.length))];
      const surplus = held.filter((slot) => !busy.has(slotName(slot))).slice(0, held.length - share);
      await this.release(client, surplus);
      return held.filter((slot) => !surplus.includes(slot));
    });
  }

  private async claim(client: PostgresTransaction, count: number): Promise<Slot[]> {
    const { consumer, topics, leaseMs } = this.options;
    const sql = `UPDATE ${this.slots} SET owner = $2, lease_until = now() + $3 * interval '1 ms'
      WHERE (consumer, topic, slot) IN (
        SELECT consumer, topic, slot FROM ${this.slots}
        WHERE consumer = $1 AND topic = ANY ($4) AND (owner IS NULL OR lease_until < now())
        ORDER BY slot, topic LIMIT $5 FOR UPDATE SKIP LOCKED)
      RETURNING topic, slot`;
    return (await client.query<Slot>(sql, [consumer, this.member, leaseMs, topics, count])).rows;
  }

  private async release(client: Pick<PostgresTransaction, 'query'>, slots: readonly Slot[]): Promise<void> {
    if (slots.length === 0) return;
    const sql = `UPDATE ${this.slots} s SET owner = NULL, lease_until = NULL
      FROM unnest($3::text[], $4::int[]) AS given(topic, slot)
      WHERE s.consumer = $1 AND s.owner = $2 AND s.topic = given.topic AND s.slot = given.slot`;
    await client.query(sql, [this.options.consumer, this.member, ...columns(slots)]);
  }

  /** Gives everything back and leaves the group. */
  async leave(): Promise<void> {
    const { pool, consumer } = this.options;
    const free = `UPDATE ${this.slots} SET owner = NULL, lease_until = NULL WHERE consumer = $1 AND owner = $2`;
    await pool.query(free, [consumer, this.member]);
    await pool.query(`DELETE FROM ${this.members} WHERE consumer = $1 AND member = $2`, [consumer, this.member]);
  }

  /** The next messages of those slots that are still held, oldest first, at most `limit` per slot. */
  async fetch(slots: readonly Slot[], limit: number): Promise<Map<string, SlotMessage[]>> {
    const sql = `SELECT s.topic, s.slot, m.seq, m.key, m.body
      FROM unnest($3::text[], $4::int[]) AS given(topic, slot)
      JOIN ${this.slots} s ON s.consumer = $1 AND s.owner = $2 AND s.topic = given.topic AND s.slot = given.slot
      CROSS JOIN LATERAL (SELECT seq, key, body FROM ${this.messages} m
        WHERE m.topic = s.topic AND m.slot = s.slot AND m.seq > s.position ORDER BY m.seq LIMIT $5) AS m
      ORDER BY m.seq`;
    const values = [this.options.consumer, this.member, ...columns(slots), limit];
    const { rows } = await this.options.pool.query<Slot & { seq: string; key: string; body: string }>(sql, values);
    const found = new Map<string, SlotMessage[]>();
    for (const { topic, slot, seq, key, body } of rows) {
      const name = slotName({ topic, slot });
      found.set(name, [...(found.get(name) ?? []), { topic, key, body, seq: BigInt(seq) }]);
    }
    return found;
  }

  /** Removes a bounded number of messages older than `ms` that every known group has finished. */
  async trim(ms: number): Promise<void> {
    await this.options.pool.query(`SELECT ${quoted(this.options.schema)}.trim_messages($1)`, [ms]);
  }

  /** Remembers that everything up to `seq` is done; false when the slot was lost meanwhile. */
  async commit({ topic, slot }: Slot, seq: bigint): Promise<boolean> {
    const sql = `UPDATE ${this.slots} SET position = $5
      WHERE consumer = $1 AND topic = $2 AND slot = $3 AND owner = $4 AND position < $5`;
    const { rowCount } = await this.options.pool.query(sql, [this.options.consumer, topic, slot, this.member, seq]);
    return rowCount === 1;
  }
}
