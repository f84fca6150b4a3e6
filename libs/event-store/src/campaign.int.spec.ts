import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { connectionLost, inTransaction, overLostConnections, postgresTransaction } from './connection.js';
import { VersionConflict, type EventStore, type NewEvent } from './event-store.js';
import { migrateEventStore } from './migrations.js';
import { postgresEventStore } from './postgres.js';

/** reliability.md goal 7: 500 histories in CI, 10,000 in a full run (`DSEM_CAMPAIGN_HISTORIES`). */
const histories = Number(process.env['DSEM_CAMPAIGN_HISTORIES'] ?? 500);
const writers = 8;

interface Operation {
  readonly stream: number;
  readonly size: number;
  /** How long the transaction stays open after its insert, in ms. */
  readonly open: number;
}

interface History {
  readonly operations: readonly (readonly Operation[])[];
  readonly kills: readonly { readonly writer: number; readonly after: number }[];
}

const operation: fc.Arbitrary<Operation> = fc.record({
  stream: fc.nat({ max: 3 }),
  size: fc.integer({ min: 1, max: 3 }),
  open: fc.nat({ max: 3 }),
});
const history: fc.Arbitrary<History> = fc.record({
  operations: fc.array(fc.array(operation, { minLength: 1, maxLength: 2 }), { minLength: writers, maxLength: writers }),
  kills: fc.oneof(
    fc.constant([]),
    fc.array(fc.record({ writer: fc.nat({ max: writers - 1 }), after: fc.nat({ max: 12 }) }), { maxLength: 3 }),
  ),
});

interface Entry {
  readonly id: string;
  readonly position: bigint;
}

/** What is put to the test: appending and tailing one global order. */
interface Log {
  readonly append: (stream: string, expected: number, events: readonly NewEvent[], open: number) => Promise<Entry[]>;
  readonly after: (position: bigint) => Promise<Entry[]>;
}

interface Acknowledged {
  readonly begun: number;
  readonly ended: number;
  readonly entries: readonly Entry[];
}

interface Outcome {
  readonly from: bigint;
  readonly acknowledged: readonly Acknowledged[];
  /** Batches whose append failed: nobody knows whether they are there, but never half of one. */
  readonly unknown: readonly (readonly string[])[];
  readonly final: readonly Entry[];
  readonly tailed: readonly Entry[];
}

/** Everything that contradicts an append-only log with one gap-free order. */
const violations = ({ from, acknowledged, unknown, final, tailed }: Outcome): string[] => {
  const found = new Set<string>();
  const position = new Map(final.map((entry) => [entry.id, entry.position]));
  for (const { entries } of acknowledged)
    for (const { id, position: told } of entries) if (position.get(id) !== told) found.add('lost or moved');
  for (const ids of unknown) if (new Set(ids.map((id) => position.has(id))).size > 1) found.add('half an append');
  if (position.size !== final.length) found.add('twice');
  if (final.some((entry, i) => entry.position !== from + BigInt(i) + 1n)) found.add('gap');
  if (tailed.map(({ id }) => id).join() !== final.map(({ id }) => id).join()) found.add('reader differs');
  const last = (a: Acknowledged): bigint => a.entries.at(-1)?.position ?? 0n;
  const first = (a: Acknowledged): bigint => a.entries[0]?.position ?? 0n;
  for (const a of acknowledged)
    for (const b of acknowledged) if (a.ended < b.begun && last(a) > first(b)) found.add('against real time');
  return [...found];
};

const newEvents = (size: number): NewEvent[] =>
  Array.from({ length: size }, (_, n) => ({
    id: randomUUID(),
    type: 'Counted',
    version: 1,
    data: { n },
    metadata: { tenant: 'default', actor: 'service:campaign', correlationId: 'c', causationId: 'c' },
  }));

/** Runs one history: 8 writers, a reader that tails all the time, and somebody who ends writers' sessions. */
class Run {
  private readonly acknowledged: Acknowledged[] = [];
  private readonly unknown: string[][] = [];
  private readonly tailed: Entry[] = [];
  private clock = 0;
  private writing = true;

  constructor(
    private readonly logs: readonly Log[],
    private readonly reader: Log,
    private readonly name: string,
    private readonly kill: (writer: number) => Promise<void>,
  ) {}

  private async write(log: Log, { stream, size, open }: Operation): Promise<void> {
    const events = newEvents(size);
    const begun = this.clock++;
    for (let expected = 0, tries = 0; tries < 40; tries++) {
      try {
        const entries = await log.append(`${this.name}-${stream}`, expected, events, open);
        this.acknowledged.push({ begun, ended: this.clock++, entries });
        return;
      } catch (error) {
        if (error instanceof VersionConflict) expected = error.actual;
        else if (connectionLost(error)) return void this.unknown.push(events.map(({ id }) => id));
        else throw error;
      }
    }
  }

  private async tail(from: bigint): Promise<void> {
    for (let position = from; ;) {
      const { writing } = this;
      const entries = await this.reader.after(position);
      this.tailed.push(...entries);
      position = entries.at(-1)?.position ?? position;
      if (!writing && entries.length === 0) return;
      if (entries.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async run({ operations, kills }: History, from: bigint): Promise<Outcome> {
    const tailing = this.tail(from);
    const work = operations.map(async (mine, writer) => {
      const log = this.logs[writer];
      for (const each of mine) if (log) await this.write(log, each);
    });
    const killing = kills.map(async ({ writer, after }) => {
      await new Promise((resolve) => setTimeout(resolve, after));
      await this.kill(writer);
    });
    await Promise.all([...work, ...killing]);
    this.writing = false;
    await tailing;
    const { acknowledged, unknown, tailed } = this;
    return { from, acknowledged, unknown, tailed, final: await this.reader.after(from) };
  }
}

const sleepSql = (ms: number): string => `SELECT pg_sleep(${ms / 1000})`;

const ourLog = (store: EventStore): Log => ({
  append: async (stream, expected, events, open) => {
    const also = async (transaction: unknown) => void (await postgresTransaction(transaction).query(sleepSql(open)));
    return [...(await store.append(stream, expected, events, open === 0 ? {} : { also })).events];
  },
  after: async (position) => [...(await store.readAll(position, 1000))],
});

/** What many systems do: a serial column, and a reader that asks for what is greater than the last it saw. */
const naiveLog = (pool: pg.Pool): Log => ({
  append: (stream, expected, events, open) =>
    overLostConnections(() =>
      inTransaction(pool, async (client) => {
        const insert = `INSERT INTO naive (stream, version, event_id)
          SELECT $1, $2 + n, id FROM unnest($3::text[]) WITH ORDINALITY AS given(id, n) RETURNING event_id AS id, position`;
        const ids = events.map(({ id }) => id);
        const { rows } = await client
          .query<{ id: string; position: string }>(insert, [stream, expected, ids])
          .catch(async () => {
            await client.query('ROLLBACK');
            const { rows: known } = await client.query<{ n: number }>(
              'SELECT coalesce(max(version), 0)::int AS n FROM naive WHERE stream = $1',
              [stream],
            );
            throw new VersionConflict(stream, expected, known[0]?.n ?? 0);
          });
        await client.query(sleepSql(open));
        return rows.map(({ id, position }) => ({ id, position: BigInt(position) }));
      }),
    ),
  after: async (position) => {
    const sql = 'SELECT event_id AS id, position FROM naive WHERE position > $1 ORDER BY position';
    const { rows } = await pool.query<{ id: string; position: string }>(sql, [position]);
    return rows.map((row) => ({ id: row.id, position: BigInt(row.position) }));
  },
});

describeWithServer('postgresql', 'concurrent histories with killed writers', () => {
  let database: TestDatabase;
  let admin: pg.Pool;
  let pools: pg.Pool[];
  let number = 0;

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    const pool = (name: string): pg.Pool =>
      surviving(new pg.Pool({ connectionString: database.url, max: 1, application_name: name }));
    admin = surviving(new pg.Pool({ connectionString: database.url, max: 3 }));
    pools = Array.from({ length: writers }, (_, i) => pool(`writer-${i}`));
    await migrateEventStore(admin, { schema: 'campaign' });
    await admin.query(`CREATE TABLE naive (position bigserial PRIMARY KEY, stream text, version bigint,
      event_id text UNIQUE, UNIQUE (stream, version))`);
  });
  afterAll(async () => {
    await Promise.all([...pools, admin].map((pool) => pool.end()));
    await database.drop();
  });

  const kill = async (writer: number): Promise<void> => {
    const sql = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';
    await admin.query(sql, [`writer-${writer}`]);
  };
  const judge = async (make: (pool: pg.Pool) => Log, plan: History): Promise<string[]> => {
    const reader = make(admin);
    const before = await admin.query<{ n: string }>(
      `SELECT greatest((SELECT max(position) FROM ${make === naiveLog ? 'naive' : 'campaign.events'}), 0) AS n`,
    );
    const run = new Run(pools.map(make), reader, `h${number++}`, kill);
    return violations(await run.run(plan, BigInt(before.rows[0]?.n ?? 0)));
  };

  it(`loses, repeats, reorders and skips nothing in ${histories} histories`, async () => {
    const ours = (pool: pg.Pool): Log => ourLog(postgresEventStore({ pool, schema: 'campaign' }));
    await fc.assert(
      fc.asyncProperty(history, async (plan) => {
        expect(await judge(ours, plan)).toEqual([]);
      }),
      { numRuns: histories, endOnFailure: true },
    );
  }, 600_000);

  it('finds the faults of a reader that polls a serial column', async () => {
    const seen = new Set<string>();
    for (const plan of fc.sample(history, { numRuns: 200, seed: 7 })) {
      for (const violation of await judge(naiveLog, plan)) seen.add(violation);
      if (seen.has('reader differs') && seen.has('gap')) break;
    }
    expect([...seen]).toEqual(expect.arrayContaining(['reader differs', 'gap']));
  }, 120_000);
});
