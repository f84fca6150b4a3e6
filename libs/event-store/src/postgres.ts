import type { Pool } from 'pg';
import { connectionLost, inTransaction, overLostConnections, surviving } from './connection.js';
import { EventIdReused, eventText } from './errors.js';
import {
  VersionConflict,
  type AppendOptions,
  type AppendResult,
  type EventMetadata,
  type EventStore,
  type NewEvent,
  type StoredEvent,
  type Upcaster,
} from './event-store.js';
import { quoted, type Queryable } from './migrations.js';
import type { SnapshotCache } from './snapshot.js';
import { upcasting } from './upcast.js';

/** Where a PostgreSQL store keeps its events; `migrateEventStore` has made the tables. */
export interface PostgresEventStoreOptions {
  readonly pool: Pool;
  /** The service's own schema. */
  readonly schema: string;
  readonly upcasters?: readonly Upcaster[];
}

const isoTime = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns that `toStored` reads. */
export const eventColumns = `e.position, e.stream_id, e.version, e.event_id, e.type, e.type_version, e.data, e.metadata,
  ${isoTime('e.time')} AS time`;

interface EventRow {
  readonly position: string;
  readonly stream_id: string;
  readonly version: number;
  readonly event_id: string;
  readonly type: string;
  readonly type_version: number;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  readonly time: string;
}

/** A row of `eventColumns` as an event. */
export const toStored = (row: unknown): StoredEvent => {
  const r = row as EventRow;
  return {
    id: r.event_id,
    type: r.type,
    version: r.type_version,
    data: r.data,
    metadata: r.metadata,
    stream: r.stream_id,
    streamVersion: r.version,
    position: BigInt(r.position),
    time: r.time,
  };
};

interface AppendedRow {
  readonly at_position: string;
  readonly at_version: number;
  readonly at_time: string;
  readonly is_new: boolean;
}

const appendSql = (schema: string): string =>
  `SELECT at_position, at_version, ${isoTime('at_time')} AS at_time, is_new FROM ${quoted(schema)}.append_events($1, $2, $3, $4, $5, $6, $7)`;

const refusal = (error: unknown, stream: string, expected: number): unknown => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return error;
  const detail = 'detail' in error ? Number(error.detail) : NaN;
  if (error.code === 'DS001') return new VersionConflict(stream, expected, detail);
  if (error.code === '23505') return new EventIdReused(stream, { cause: error });
  return error;
};

const columnsOf = (stream: string, events: readonly NewEvent[]): unknown[] => [
  events.map((event) => event.id),
  events.map((event) => event.type),
  events.map((event) => event.version),
  events.map((event) => eventText(stream, event.data)),
  events.map((event) => JSON.stringify(event.metadata)),
];

const appendOnce = async (
  client: Queryable,
  sql: string,
  stream: string,
  expected: number,
  events: readonly NewEvent[],
): Promise<AppendResult> => {
  const { rows } = await client.query(sql, [stream, expected, ...columnsOf(stream, events)]).catch((error: unknown) => {
    throw refusal(error, stream, expected);
  });
  const stored = (rows as AppendedRow[]).map((row, i): StoredEvent => {
    const event = events[i];
    if (event === undefined) throw new Error('the store answered with more events than were appended');
    const { at_position, at_version, at_time } = row;
    return { ...event, stream, streamVersion: at_version, position: BigInt(at_position), time: at_time };
  });
  return {
    streamVersion: expected + events.length,
    events: stored,
    appended: (rows as AppendedRow[])[0]?.is_new ?? false,
  };
};

const appending = (pool: Pool, schema: string): EventStore['append'] => {
  const sql = appendSql(schema);
  const once = (stream: string, expected: number, events: readonly NewEvent[], { also }: AppendOptions) =>
    also === undefined
      ? appendOnce(pool, sql, stream, expected, events)
      : inTransaction(pool, async (client) => {
          const result = await appendOnce(client, sql, stream, expected, events);
          if (result.appended) await also(client, result.events);
          return result;
        });
  return (stream, expected, events, options = {}) => overLostConnections(() => once(stream, expected, events, options));
};

/**
 * The truth of one service. An append is one round trip; one that was interrupted is sent again with the same ids, so
 * that an ambiguous commit ends in a certain answer. `also` runs only when the events are new. The pool stays the
 * caller's: `close` does not end it.
 */
export const postgresEventStore = ({ pool, schema, upcasters }: PostgresEventStoreOptions): EventStore => {
  surviving(pool);
  const current = upcasting(upcasters);
  const select = `SELECT ${eventColumns} FROM ${quoted(schema)}.events e`;
  const read = async (where: string, values: unknown[]): Promise<StoredEvent[]> => {
    const { rows } = await overLostConnections(() => pool.query(`${select} ${where}`, values));
    return rows.map((row) => current(toStored(row)));
  };
  return {
    append: appending(pool, schema),
    readStream: (stream, after = 0) => read('WHERE stream_id = $1 AND version > $2 ORDER BY version', [stream, after]),
    readAll: (after, limit) => read('WHERE position > $1 ORDER BY position LIMIT $2', [after, limit]),
    close: async () => undefined,
  };
};

/** Snapshots beside the events. Losing one costs a longer fold, nothing else: a failing save is not an error. */
export const postgresSnapshots = ({ pool, schema }: PostgresEventStoreOptions): SnapshotCache => ({
  load: async (stream, reducer) => {
    const sql = `SELECT version, state FROM ${quoted(schema)}.snapshots WHERE stream_id = $1 AND reducer = $2`;
    const { rows } = await pool.query<{ version: number; state: unknown }>(sql, [stream, reducer]);
    return rows[0] && { streamVersion: rows[0].version, state: rows[0].state };
  },
  save: async (stream, reducer, { streamVersion, state }) => {
    const sql = `INSERT INTO ${quoted(schema)}.snapshots (stream_id, reducer, version, state) VALUES ($1, $2, $3, $4)
      ON CONFLICT (stream_id) DO UPDATE SET (reducer, version, state) = (excluded.reducer, excluded.version, excluded.state)`;
    await pool.query(sql, [stream, reducer, streamVersion, JSON.stringify(state)]).catch((error: unknown) => {
      if (!connectionLost(error)) throw error;
    });
  },
});
