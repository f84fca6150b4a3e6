import { type ApplyStep, ConnectionFailed, type JournalEntry, type Session, StaleEpoch } from '@dsem/engine';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { type AddressInfo, connect, createServer } from 'node:net';
import pg from 'pg';
import { openSession } from './session.js';

const asItIs = <Value>(value: Value): Promise<Value> => Promise.resolve(value);
const head = { execution: 'e1', step: 's1', direction: 'forward', planHash: 'h', epoch: 1 } as const;
const entry = (state: JournalEntry['state'], change: Partial<JournalEntry> = {}): JournalEntry => ({
  ...head,
  state,
  ...change,
});
const step = (statements: readonly string[], change: Partial<ApplyStep> = {}): ApplyStep => ({
  tag: 'dsem:e1:s1:1',
  transactional: true,
  statements,
  timeouts: { lockMs: 200, statementMs: 5000 },
  intent: entry('intent'),
  record: entry('applied'),
  ...change,
});

/** Stands between client and server as a pooler or a bad network does. */
const between = async (
  url: string,
  change: (toClient: Buffer, sent: () => string) => Buffer | undefined,
): Promise<{ readonly url: string; readonly close: () => void }> => {
  const target = new URL(url);
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let sent = '';
    client.on('data', (data) => {
      sent += data.toString('latin1');
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      const passed = change(data, () => sent);
      if (passed !== undefined) client.write(passed);
    });
    client.on('close', () => upstream.destroy()).on('error', () => undefined);
    upstream.on('close', () => client.destroy()).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { url: through.href, close: () => proxy.close() };
};

/** The number of the server process, as the log-in tells it, replaced by one of the pooler's own. */
const asPooler = (data: Buffer): Buffer => {
  const at = data.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at >= 0) data.writeInt32BE(123_456, at + 5);
  return data;
};

const suite = (major: number): void => {
  let database: TestDatabase;
  let session: Session;
  let other: pg.Client;
  const open = (): Promise<Session> => openSession(database.url, asItIs, { applicationName: 'dsem:test' });

  beforeEach(async () => {
    database = await (await server('postgresql', { major })).createDatabase();
    session = await open();
    other = surviving(new pg.Client({ connectionString: database.url, application_name: 'shop' }));
    await other.connect();
    await other.query('CREATE TABLE t (a integer)');
    await session.prepareControl();
  });
  afterEach(async () => {
    await session.close();
    await other.end();
    await database.drop();
  });

  const tables = async (): Promise<readonly string[]> =>
    (await other.query(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`)).rows.map(
      (row: { relname: string }) => row.relname,
    );

  it('tells its major version', () => {
    expect(session.serverVersion).toBe(String(major));
  });

  it('creates the control schema once, however many ask at the same time', async () => {
    await other.query('DROP SCHEMA dsem_control CASCADE');
    const many = await Promise.all(Array.from({ length: 6 }, open));
    await Promise.all(many.map((each) => each.prepareControl()));
    await Promise.all(many.map((each) => each.close()));
    expect(await session.bumpEpoch('k', 'me')).toBe(1);
  });

  it('answers without a control schema as for a database that was never touched', async () => {
    await other.query('DROP SCHEMA dsem_control CASCADE');
    expect(await session.journal('e1')).toEqual([]);
    expect(await session.currentRevision('shop')).toBeUndefined();
  });

  it('gives the lock to one session, counts its own twice, and names the holder', async () => {
    expect(await session.tryLock('k', 0)).toBe(true);
    expect(await session.tryLock('k', 0)).toBe(true);
    const second = await open();
    expect(await second.tryLock('k', 150)).toBe(false);
    expect((await second.lockHolders('k')).map((each) => each.application)).toEqual(['dsem:test']);
    await session.unlock('k');
    expect(await second.tryLock('k', 0)).toBe(true);
    await second.close();
    expect(await session.tryLock('k', 2000)).toBe(true);
  });

  it('raises the epoch with each holder, so that the older one is refused', async () => {
    const first = await session.bumpEpoch('k', 'one');
    expect(await session.holdsEpoch('k', first)).toBe(true);
    expect(await session.bumpEpoch('k', 'two')).toBe(first + 1);
    expect(await session.holdsEpoch('k', first)).toBe(false);
    await expect(
      session.apply(step(['CREATE TABLE u ()'], { fence: 'k', record: entry('applied', { epoch: first }) })),
    ).rejects.toThrow(StaleEpoch);
    await expect(session.writeJournal(entry('applied', { epoch: 2 }))).resolves.toBeUndefined();
    await expect(session.writeJournal(entry('failed', { epoch: 1 }))).rejects.toThrow(StaleEpoch);
    expect(await tables()).toEqual(['t']);
  });

  it('commits statements and journal row together, or neither', async () => {
    const points: string[] = [];
    await session.apply(step(['CREATE TABLE u ()', 'CREATE TABLE v ()'], { at: (point) => void points.push(point) }));
    expect(points).toEqual(['intent', 'executed', 'committed']);
    expect(await session.journal('e1')).toEqual([entry('applied')]);
    const broken = step(['CREATE TABLE w ()', 'CREATE TABLE u ()'], { record: entry('applied', { step: 's2' }) });
    await expect(session.apply(broken)).rejects.toMatchObject({ kind: 'other', statement: 1, code: 'DSEM-3002' });
    expect(await session.journalOfPlan('h')).toHaveLength(1);
    expect(await tables()).toEqual(['t', 'u', 'v']);
  });

  it('writes intent, statement, check and record of a step outside a transaction in this order', async () => {
    const seen: string[] = [];
    const state = async (): Promise<string> => (await session.journal('e1'))[0]?.state ?? 'none';
    await session.apply(
      step(['CREATE INDEX CONCURRENTLY i ON public.t (a)'], {
        transactional: false,
        at: async (point) => void seen.push(`${point}: ${await state()}`),
        verify: async () => void seen.push(`verify: ${await state()}`),
      }),
    );
    expect(seen).toEqual(['intent: intent', 'executed: intent', 'verify: intent', 'committed: applied']);
    const [limits] = (await other.query('SHOW lock_timeout')).rows as { lock_timeout: string }[];
    expect(limits?.lock_timeout).toBe('0');
  });

  it('records nothing when the check of a step outside a transaction throws', async () => {
    const refused = step(['CREATE INDEX CONCURRENTLY i ON public.t (a)'], {
      transactional: false,
      verify: () => Promise.reject(new Error('not there')),
    });
    await expect(session.apply(refused)).rejects.toThrow('not there');
    expect(await session.journal('e1')).toEqual([entry('intent')]);
  });

  const failures: readonly (readonly [string, string, string])[] = [
    ['data', 'INSERT INTO t VALUES (1 / (SELECT 0))', 'data'],
    ['a taken key', 'CREATE UNIQUE INDEX x ON t ((1)); INSERT INTO t VALUES (1), (2)', 'data'],
    ['an unknown table', 'DROP TABLE nowhere', 'other'],
    ['a cancelled statement', `SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(2)`, 'statement-timeout'],
    ['a session that is ended', 'SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(2)', 'connection-lost'],
    ['a read-only transaction', 'SET TRANSACTION READ ONLY; CREATE TABLE u ()', 'read-only'],
    ['a missing privilege', 'SET ROLE pg_monitor; DROP TABLE public.t', 'privilege'],
  ];
  it.each(failures)('names the failure of %s', async (_title, statement, kind) => {
    await expect(session.apply(step([statement]))).rejects.toMatchObject({ kind });
  });

  it('gives up waiting for a lock, names the blocker, and stops nobody', async () => {
    await other.query('BEGIN; SELECT * FROM t');
    await expect(session.apply(step(['ALTER TABLE public.t ADD COLUMN b integer']))).rejects.toMatchObject({
      kind: 'lock-timeout',
    });
    expect(await session.blockers()).toMatchObject([{ application: 'shop', relations: ['public.t'] }]);
    await other.query('COMMIT');
    await session.apply(step(['ALTER TABLE public.t ADD COLUMN b integer']));
  });

  it('finds statements of an abandoned session by their tag, and ends them', async () => {
    const running = other.query(`/* dsem:e1:s1:1 */ SELECT pg_sleep(30)`).catch((error: Error) => error.message);
    let orphans = await session.orphans('dsem:e1:');
    while (orphans.length === 0) orphans = await session.orphans('dsem:e1:');
    expect(await session.orphans('dsem:e2:')).toEqual([]);
    await session.cancelOrphan(orphans[0]?.id ?? '');
    expect(await running).toContain('canceling statement');
    expect(await session.orphans('dsem:e1:')).toEqual([]);
  });

  it('ends an abandoned transaction that waits for nothing', async () => {
    await other.query('/* dsem:e1:s1:1 */ BEGIN');
    const [orphan] = await session.orphans('dsem:e1:');
    await session.cancelOrphan(orphan?.id ?? '');
    expect(await session.orphans('dsem:e1:')).toEqual([]);
  });

  it('remembers the revision of each subject', async () => {
    const revision = { subject: 'shop', version: '1.0.0', digest: 'sha256:1', execution: 'e1' };
    await session.recordRevision(revision);
    await session.recordRevision({ ...revision, version: '2.0.0' });
    expect(await session.currentRevision('shop')).toEqual({ ...revision, version: '2.0.0' });
    expect(await session.currentRevision('other')).toBeUndefined();
  });

  it('estimates sizes, also of a table that is locked', async () => {
    await other.query('INSERT INTO t SELECT generate_series(1, 1000); ANALYZE t');
    expect((await session.tableSizes()).get('public.t')).toMatchObject({ rows: 1000 });
    await other.query('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE');
    expect((await session.tableSizes()).get('public.t')).toMatchObject({ rows: 1000 });
    await other.query('COMMIT');
  });

  it('tells what stands in the way of a plan', async () => {
    await other.query('BEGIN; SELECT 1');
    expect(await session.preflight(0)).toMatchObject({
      writable: true,
      pooled: false,
      missingPrivileges: [],
      longTransactions: [{ session: expect.stringContaining('shop') as string }],
    });
    await other.query('COMMIT');
    await other.query(
      `DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'p:/@ss'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
    await other.query('ALTER ROLE guest SET default_transaction_read_only = on');
    const url = new URL(database.url);
    url.username = 'guest';
    url.password = encodeURIComponent('p:/@ss');
    const guest = await openSession(url.href, asItIs);
    const facts = await guest.preflight(60);
    await guest.close();
    expect(facts.writable).toBe(false);
    expect(facts.missingPrivileges).toContain('ownership of public.t');
  });

  it('tells which roles are missing, of which everybody is none', async () => {
    await other.query('DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$');
    const facts = await session.preflight(60, ['public', 'guest', 'dsem "missing"', 'dsem_absent']);
    expect(facts.missingRoles).toEqual(['dsem "missing"', 'dsem_absent']);
  });

  it('knows that a pooler stands in between', async () => {
    const pooler = await between(database.url, asPooler);
    const pooled = await openSession(pooler.url, asItIs);
    expect(await pooled.preflight(60)).toMatchObject({ pooled: true, writable: true });
    await pooled.close();
    pooler.close();
  });

  it('counts a server that falls silent as lost', async () => {
    const network = await between(database.url, (data, sent) => (sent().includes('pg_sleep') ? undefined : data));
    const silent = await openSession(network.url, asItIs);
    const limits = { lockMs: 1, statementMs: 50 };
    await expect(silent.apply(step(['SELECT pg_sleep(0)'], { timeouts: limits }))).rejects.toMatchObject({
      kind: 'connection-lost',
    });
    await silent.close();
    network.close();
  });

  it('cancels what it runs when it is closed', async () => {
    const running = session
      .apply(step(['SELECT pg_sleep(30)'], { tag: 'dsem:closing' }))
      .catch((error: Error) => error);
    const asleep = async (): Promise<number> => {
      const rows = await other.query(
        `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%dsem:closing%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()`,
      );
      return rows.rows.length;
    };
    while ((await asleep()) === 0);
    await session.close();
    await session.close();
    expect(await running).toBeInstanceOf(Error);
    while ((await asleep()) > 0);
  }, 20_000);

  it('sees the lock freed when its session dies, and reports itself as lost', async () => {
    await session.tryLock('k', 0);
    await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dsem:test'`);
    await expect(session.journal('e1')).rejects.toMatchObject({ kind: 'connection-lost' });
    const next = await open();
    expect(await next.tryLock('k', 2000)).toBe(true);
    await next.close();
  });

  it('refuses a tag that would end the comment', async () => {
    await expect(session.apply(step(['SELECT 1'], { tag: '*/ DROP TABLE t; /*' }))).rejects.toThrow(TypeError);
  });

  const secret = 'hunter2-%2F';
  const wrong: readonly (readonly [string, (url: URL) => string])[] = [
    ['a wrong password or role', (url) => `postgresql://nobody:${secret}@${url.host}/postgres`],
    ['a closed port', () => `postgresql://nobody:${secret}@127.0.0.1:1/postgres`],
    ['an unknown host', () => `postgresql://nobody:${secret}@host.invalid/postgres`],
    ['another protocol', () => `mysql://nobody:${secret}@localhost/postgres`],
    ['no address at all', () => `postgresql//nobody:${secret}`],
    ['a server without TLS', (url) => `postgresql://nobody:${secret}@${url.host}/postgres?sslmode=require`],
  ];
  it.each(wrong)('refuses %s without telling the password', async (_title, address) => {
    const error: unknown = await openSession(address(new URL(database.url)), asItIs).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])).not.toContain('hunter2');
  });
};

describeWithServer('postgresql', 'session on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'session on PostgreSQL 13', () => suite(13), 13);
