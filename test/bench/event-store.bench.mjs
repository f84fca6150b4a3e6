// Append and replay, against the least that PostgreSQL lets one do (a bare loop of inserts and selects) and against
// @event-driven-io/emmett-postgresql. Each store has its own database on one server, with fsync on.
import assert from 'node:assert/strict';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { migrateEventStore, postgresEventStore } from '@dsem/event-store';
import { server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { compare, printMachine } from './measure.mjs';

const streams = 100;
const appends = 4;
const perAppend = 2;

const metadata = { tenant: 't', actor: 'person:ada', correlationId: 'c-1', causationId: 'c-1' };
const bodyOf = (stream, number) => ({
  stream,
  number,
  digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  changes: [{ kind: 'add-column', object: 'public.orders.note', type: 'text' }],
  note: 'x'.repeat(120),
});
const batch = (stream, from) => Array.from({ length: perAppend }, (_, i) => bodyOf(stream, from + i + 1));

/** Our store, as services use it. */
const openOurs = async (url) => {
  const pool = surviving(new pg.Pool({ connectionString: url, max: 10 }));
  await migrateEventStore(pool, { schema: 'bench' });
  const store = postgresEventStore({ pool, schema: 'bench' });
  const event = (data) => ({ id: crypto.randomUUID(), type: 'StepApplied', version: 1, data, metadata });
  return {
    append: (stream, version, bodies) => store.append(stream, version, bodies.map(event)),
    read: async (stream) => (await store.readStream(stream)).map(({ data }) => data),
    close: () => pool.end(),
  };
};

/** A table with a unique version per stream, an insert per append, a select per stream: no order, no outbox. */
const openBare = async (url) => {
  const pool = surviving(new pg.Pool({ connectionString: url, max: 10 }));
  await pool.query(`CREATE TABLE events (stream text, version int, id uuid, type text, data json, metadata json,
    PRIMARY KEY (stream, version))`);
  const insert = `INSERT INTO events SELECT $1, $2 + n, id, 'StepApplied', data, $3
    FROM unnest($4::uuid[], $5::json[]) WITH ORDINALITY AS given(id, data, n)`;
  return {
    append: (stream, version, bodies) => {
      const ids = bodies.map(() => crypto.randomUUID());
      return pool.query(insert, [stream, version, JSON.stringify(metadata), ids, bodies.map((b) => JSON.stringify(b))]);
    },
    read: async (stream) => {
      const { rows } = await pool.query('SELECT * FROM events WHERE stream = $1 ORDER BY version', [stream]);
      return rows.map(({ data }) => data);
    },
    close: () => pool.end(),
  };
};

const openEmmett = async (url) => {
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  return {
    append: (stream, version, bodies) =>
      store.appendToStream(
        stream,
        bodies.map((data) => ({ type: 'StepApplied', data, metadata })),
        {
          expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version),
        },
      ),
    read: async (stream) => (await store.readStream(stream)).events.map(({ data }) => data),
    close: () => store.close(),
  };
};

const write = async (store, run, writers) => {
  const queue = Array.from({ length: streams }, (_, i) => `s-${run}-${i}`);
  const writer = async () => {
    for (let stream = queue.pop(); stream !== undefined; stream = queue.pop()) {
      for (let i = 0; i < appends; i += 1) await store.append(stream, i * perAppend, batch(stream, i * perAppend));
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
};

const replay = async (store, run) => {
  const all = [];
  for (let i = 0; i < streams; i += 1) all.push(await store.read(`s-${run}-${i}`));
  return all;
};

const expected = (run) =>
  Array.from({ length: streams }, (_, i) =>
    Array.from({ length: appends * perAppend }, (_, n) => bodyOf(`s-${run}-${i}`, n + 1)),
  );

const checkEqual = async (stores) => {
  for (const store of Object.values(stores)) {
    await write(store, 'check', 4);
    assert.deepEqual(await replay(store, 'check'), expected('check'));
    await assert.rejects(
      Promise.resolve(store.append('s-check-0', 1, batch('s-check-0', 1))),
      'a stale version must be refused',
    );
  }
};

const variants = (stores, work) =>
  Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, (i) => work(store, i)]));

const durable = async (url) => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`ALTER SYSTEM SET ${setting} = on`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
};

const postgresql = await server('postgresql', { own: true });
await durable(postgresql.url);
const open = async (make) => make((await postgresql.createDatabase()).url);
const stores = {
  'event-store': await open(openOurs),
  'bare pg loop': await open(openBare),
  'emmett-postgresql': await open(openEmmett),
};
printMachine();
await checkEqual(stores);
console.error('all three give back the same events and refuse a stale version');

const volume = `${streams} streams x ${appends} appends x ${perAppend} events`;
await compare(
  'append, 1 writer',
  volume,
  variants(stores, (store, i) => write(store, `one-${i}`, 1)),
);
await compare(
  'append, 8 writers',
  volume,
  variants(stores, (store, i) => write(store, `eight-${i}`, 8)),
);
await compare(
  'replay by stream',
  volume,
  variants(stores, (store) => replay(store, 'check')),
);
await Promise.all(Object.values(stores).map((store) => store.close()));
// A peer's pool may still hold a session: the server's end is no failure of the benchmark any more.
process.on('uncaughtException', () => undefined);
await postgresql.stop();
process.exit(0);
