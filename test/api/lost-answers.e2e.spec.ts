import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIdempotent, routes, type RouteSpec } from '@dsem/api';
import { executionFailed, topics, typeName } from '@dsem/events';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { run, type Process } from './program.js';
import { settled, shop, shopWithNote } from './samples.js';
import { eventually, httpCaller, openWorld, services, type Answer, type Ask, type Json, type World } from './world.js';

const failpoint = (service: string, happens: string): string => `
  CREATE OR REPLACE FUNCTION ${service}.lose_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    AS $$ BEGIN ${happens}; RETURN NEW; END $$;
  CREATE OR REPLACE TRIGGER lose_answer BEFORE UPDATE ON ${service}.idempotency_keys
    FOR EACH ROW WHEN (NEW.status IS NOT NULL) EXECUTE FUNCTION ${service}.lose_answer()`;

const directly = (service: string): string =>
  `SELECT count(*)::int AS n FROM ${service}.events WHERE metadata->>'actor' LIKE 'key:%'`;

/** Between a command's events and its answer everything may be lost; the same key again finds what was done. */
describeWithServer('postgresql', 'a keyed request whose answer was lost', () => {
  let world: World;
  const asked = new Set<string>();

  const events = async (service: string): Promise<number> =>
    (await world.pool.query<{ n: number }>(directly(service))).rows[0]?.n ?? 0;
  const losing = async (service: string, on: boolean): Promise<void> => {
    const verb = on ? 'ENABLE' : 'DISABLE';
    await world.pool.query(`ALTER TABLE ${service}.idempotency_keys ${verb} TRIGGER lose_answer`);
  };

  interface Lost {
    /** What the first try did, in events of the caller. */
    readonly did: number;
    readonly again: Answer;
    /** The same once more. */
    readonly ask: () => Promise<Answer>;
  }

  /** Asks twice with one key, loses the first answer, and proves that the second try adds nothing. */
  const lose = async (service: string, route: RouteSpec, path: string, body: Json, key?: string): Promise<Lost> => {
    asked.add(route.id);
    const request: Ask = { key, body, headers: { 'idempotency-key': randomUUID() } };
    const ask = (): Promise<Answer> => world.call('POST', path, request);
    const before = await events(service);
    await losing(service, true);
    const first = await ask();
    await losing(service, false);
    expect([first.status, first.body['code']]).toEqual([500, 'DSEM-9001']);
    const after = await events(service);
    const again = await ask();
    expect(await events(service)).toBe(after);
    return { did: after - before, again, ask };
  };

  const migrated = (id: string, status: string): Promise<Json> =>
    eventually(`${id} ${status}`, async () => {
      const { body } = await world.call('GET', `/api/v1/migrations/${id}/status`);
      return body['status'] === status ? body : undefined;
    });
  /** Lists follow what was done: asked until they hold as many. */
  const listed = (path: string, count: number): Promise<{ id: string; name: string }[]> =>
    eventually(`${count} of ${path}`, async () => {
      const { items } = await world.done(200, 'GET', path);
      const found = items as { id: string; name: string }[];
      return found.length >= count ? found : undefined;
    });

  const made = async (environment: string): Promise<string> => {
    const body = { schema: 'shop', environments: [environment] };
    const id = String((await world.done(201, 'POST', '/api/v1/migrations', { body }))['id']);
    await migrated(id, 'approved');
    return id;
  };
  const publish = (topic: string, key: string, text: string): Promise<unknown> =>
    world.pool.query('SELECT bus.publish_messages($1::text[], $2::text[], $3::text[])', [[topic], [key], [text]]);
  /** What an agent would say; there is none. */
  const fails = async (migration: string, environment: string, attempt: number): Promise<void> => {
    const execution = `${migration}-${environment}-${attempt}`;
    const about = { execution, rollout: migration, migration, environment, attempt, direction: 'forward' as const };
    const { type, version, data } = executionFailed.of({
      ...about,
      code: 'X',
      cause: 'a spec',
      outcome: 'NOT_APPLIED',
      applied: 0,
    });
    const envelope = {
      specversion: '1.0',
      id: randomUUID(),
      source: 'spec',
      type: typeName(type, version),
      subject: execution,
      time: '2026-01-01T00:00:00Z',
      datacontenttype: 'application/json',
      sequence: 1,
      tenant: 'default',
      actor: 'agent:spec',
      correlationid: execution,
      causationid: execution,
      data,
    };
    await publish(topics.agent, execution, JSON.stringify(envelope));
    await migrated(migration, 'halted');
  };
  const ofMigration = (route: RouteSpec, id: string, body: Json, key?: string): Promise<Lost> =>
    lose('orchestrator', route, route.path.replace('{id}', id), body, key);

  beforeAll(async () => {
    world = await openWorld();
    for (const service of services) await world.pool.query(failpoint(service, `RAISE 'the answer is lost'`));
    for (const service of services) await losing(service, false);
    for (const [name, type] of Object.entries({
      one: 'development',
      two: 'development',
      four: 'development',
      prod: 'production',
    }))
      await world.done(201, 'POST', '/api/v1/environments', { body: { name, type, database: 'postgresql' } });
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  it('registers one version', async () => {
    const body = { name: 'shop', database: 'postgresql', definition: shop };
    const { did, again } = await lose('registry', routes.registerSchema, '/api/v1/schemas', body);
    expect([did, again.status, again.body]).toMatchObject([2, 201, { created: true, versions: 1 }]);
    await settled(world);
  }, 60_000);

  it('answers with the version that it made, though there is a newer one', async () => {
    const body = { name: 'moved', database: 'postgresql', definition: shop };
    const headers = { 'idempotency-key': 'moved' };
    await losing('registry', true);
    expect((await world.call('POST', '/api/v1/schemas', { body, headers })).status).toBe(500);
    await losing('registry', false);
    const newer = { ...body, definition: shopWithNote };
    await world.done(201, 'POST', '/api/v1/schemas', { body: newer });
    const answer = await world.done(201, 'POST', '/api/v1/schemas', { body, headers });
    expect(answer).toMatchObject({ created: true, versions: 1, version: { version: '1.0.0' } });
    expect(await world.done(200, 'GET', '/api/v1/schemas/moved')).toMatchObject({ versions: 2 });
  });

  it('declares and retires one contract', async () => {
    const declare = { name: 'reader', schema: 'shop', version: '1' };
    const declared = await lose('registry', routes.declareConsumer, '/api/v1/consumers', declare);
    expect([declared.did > 0, declared.again.status]).toEqual([true, 201]);
    const path = '/api/v1/consumers/reader/retire';
    const retired = await lose('registry', routes.retireConsumer, path, { version: '1' });
    expect([retired.did, retired.again.status]).toEqual([1, 200]);
  });

  it('adds one environment, and closes its breaker', async () => {
    const body = { name: 'three', type: 'development', database: 'postgresql' };
    const { did, again } = await lose('orchestrator', routes.addEnvironment, '/api/v1/environments', body);
    expect([did, again.status]).toEqual([1, 201]);
    const path = '/api/v1/environments/three/close-breaker';
    const closed = await lose('orchestrator', routes.closeBreaker, path, { reason: 'mended' });
    expect(closed.again.status).toBe(200);
  });

  it('makes one migration, also by a sync', async () => {
    const body = { schema: 'shop', environments: ['three'] };
    const { did, again } = await lose('orchestrator', routes.createMigration, '/api/v1/migrations', body);
    expect([did > 0, again.status, again.body['status']]).toEqual([true, 201, 'approved']);
    const path = '/api/v1/environments/two/sync';
    const synced = await lose('orchestrator', routes.syncEnvironment, path, { schema: 'shop' });
    expect([synced.did > 0, synced.again.status]).toEqual([true, 202]);
    expect(await listed('/api/v1/migrations', 2)).toHaveLength(2);
  });

  it('leaves an approval of what it planned alone', async () => {
    const body = { schema: 'shop', environments: ['prod'] };
    const headers = { 'idempotency-key': 'approved-since' };
    await losing('orchestrator', true);
    expect((await world.call('POST', '/api/v1/migrations', { body, headers })).status).toBe(500);
    await losing('orchestrator', false);
    const [{ id } = { id: '' }] = await listed('/api/v1/migrations?environment=prod', 1);
    const { key } = { key: world.keys.approver };
    const approved = await ofMigration(routes.approveMigration, id, {}, key);
    expect([approved.did > 0, approved.again.status]).toEqual([true, 200]);
    const before = approved.again.body['status'];
    const again = await world.done(201, 'POST', '/api/v1/migrations', { body, headers });
    expect(again).toMatchObject({ id, status: before });
    const planned = await ofMigration(routes.replanMigration, id, {});
    expect(planned.again.status).toBe(200);
    const rejected = await ofMigration(routes.rejectMigration, id, { why: 'no' }, key);
    expect([rejected.did, rejected.again.status]).toEqual([1, 200]);
  });

  it('starts, pauses, resumes, retries, resolves and takes back one rollout, each once', async () => {
    const id = await made('one');
    const steps: [RouteSpec, Json, () => Promise<unknown>][] = [
      [routes.executeMigration, {}, () => migrated(id, 'running')],
      [routes.pauseMigration, {}, () => migrated(id, 'paused')],
      [routes.resumeMigration, {}, () => fails(id, 'one', 1)],
      [routes.retryTarget, { environment: 'one' }, () => fails(id, 'one', 2)],
      [routes.resolveTarget, { environment: 'one', as: 'applied', evidence: 'x' }, () => Promise.resolve()],
      [routes.rollbackMigration, { why: 'back', acceptDataLoss: true }, () => Promise.resolve()],
    ];
    for (const [route, body, then] of steps) {
      const { did, again } = await ofMigration(route, id, body);
      expect([route.id, did > 0, again.status]).toEqual([route.id, true, 200]);
      await then();
    }
  }, 60_000);

  it('goes on where it was cut off between its two commands', async () => {
    const id = await made('four');
    const table = 'orchestrator.events';
    await world.pool.query(`CREATE TRIGGER cut BEFORE INSERT ON ${table} FOR EACH ROW
      WHEN (NEW.type = 'RolloutLinked') EXECUTE FUNCTION orchestrator.lose_answer()`);
    const request: Ask = { body: {}, headers: { 'idempotency-key': 'cut' } };
    const ask = (): Promise<Answer> => world.call('POST', `/api/v1/migrations/${id}/execute`, request);
    const count = `SELECT type, count(*)::int AS n FROM ${table} WHERE data->>'rollout' = $1
      AND type IN ('RolloutStarted', 'RolloutLinked') GROUP BY type ORDER BY type`;
    const counted = async (): Promise<unknown> => (await world.pool.query(count, [id])).rows;
    const started = { type: 'RolloutStarted', n: 1 };
    expect((await ask()).status).toBe(500);
    expect(await counted()).toEqual([started]);
    await world.pool.query(`DROP TRIGGER cut ON ${table}`);
    expect((await ask()).status).toBe(200);
    expect(await counted()).toEqual([{ type: 'RolloutLinked', n: 1 }, started]);
    await world.done(200, 'POST', `/api/v1/migrations/${id}/cancel`, { body: {} });
  }, 60_000);

  it('cancels a migration once, before its rollout and in it', async () => {
    for (const executed of [false, true]) {
      const id = await made('four');
      if (executed) await world.done(200, 'POST', `/api/v1/migrations/${id}/execute`, { body: {} });
      const { did, again } = await ofMigration(routes.cancelMigration, id, {});
      expect([did > 0, again.status, again.body['status']]).toEqual([true, 200, 'cancelled']);
    }
  }, 60_000);

  it('abandons a target once', async () => {
    const id = await made('two');
    await world.done(200, 'POST', `/api/v1/migrations/${id}/execute`, { body: {} });
    await migrated(id, 'running');
    await fails(id, 'two', 1);
    const { did, again } = await ofMigration(routes.abandonTarget, id, { environment: 'two', why: 'no' });
    expect([did > 0, again.status]).toEqual([true, 200]);
  }, 60_000);

  it('issues and rotates one key, whose secret nobody was told, and says so each time', async () => {
    const body = { name: 'lost', roles: ['developer'] };
    const issued = await lose('gateway', routes.issueKey, '/api/v1/keys', body);
    expect([issued.did, issued.again.status, issued.again.body['code']]).toEqual([1, 409, 'DSEM-4014']);
    const { name } = await eventually('the key', async () =>
      (await listed('/api/v1/keys', 1)).find((key) => key.name === 'lost'),
    );
    const keys = await listed('/api/v1/keys', 1);
    expect(keys.filter((key) => key.name === name)).toHaveLength(1);
    const holder = world.keys.approver;
    const { id } = await world.done(200, 'GET', '/api/v1/me', { key: holder });
    const rotated = await lose('gateway', routes.rotateKey, `/api/v1/keys/${String(id)}/rotate`, {}, holder);
    expect([rotated.did, rotated.again.status, rotated.again.body['code']]).toEqual([1, 409, 'DSEM-4014']);
    const before = await events('gateway');
    for (const { ask } of [issued, rotated]) expect((await ask()).body['code']).toBe('DSEM-4014');
    expect(await events('gateway')).toBe(before);
  });

  it('discards one letter, and replays the rest', async () => {
    await publish(topics.schemaChanges, 'k', 'garbage');
    const letters = '/api/v1/services/registry/dead-letters';
    const [letter] = await eventually('the letter', async () => {
      const { items } = await world.done(200, 'GET', letters);
      return (items as Json[]).length > 0 ? (items as Json[]) : undefined;
    });
    const replay = { consumer: 'registry-schema-changes', key: 'k' };
    const path = '/api/v1/services/registry/parked-keys/replay';
    const failed = await lose('registry', routes.replayParkedKey, path, replay);
    expect([failed.did, failed.again.status, failed.again.body]).toMatchObject([1, 200, { replayed: 0, remaining: 1 }]);
    const one = `${letters}/${String(letter?.['id'])}/discard`;
    const { did, again } = await lose('registry', routes.discardDeadLetter, one, { reason: 'garbage' });
    expect([did, again.status]).toEqual([1, 204]);
  });

  it('may be of any route that takes a key', () => {
    const all = Object.values(routes).filter((route: RouteSpec) => isIdempotent(route));
    expect([...asked].sort()).toEqual(all.map(({ id }) => id).sort());
  });
});

describeWithServer('postgresql', 'a process that is killed between a command and its answer', () => {
  let database: TestDatabase;
  let folder: string;
  let client: pg.Client;
  let running: Process | undefined;
  let call: World['call'];

  const start = async (): Promise<Process> => {
    const env = { PORT: '0', DSEM_DATA_DIR: folder, DATABASE_URL: database.url };
    const started = (running = run('apps/standalone/src/main.ts', env));
    const url = await eventually('the start', () =>
      Promise.resolve(/listens on (http\S+)\n/.exec(started.said())?.[1]),
    );
    ({ call } = httpCaller(url, readFileSync(join(folder, 'keys', 'administrator.key'), 'utf8').trim()));
    return started;
  };
  const events = async (): Promise<number> =>
    (await client.query<{ n: number }>(directly('orchestrator'))).rows[0]?.n ?? 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsem-lost-'));
    chmodSync(folder, 0o711);
    database = await (await server('postgresql')).createDatabase();
    client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
  }, 60_000);
  afterAll(async () => {
    running?.child.kill('SIGKILL');
    await running?.ended;
    await client.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const lock = 471_100;
  const waits = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${lock} AND NOT granted`;
  const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;

  it('has done it once when the same key comes again', async () => {
    const first = await start();
    await client.query(failpoint('orchestrator', `PERFORM pg_advisory_xact_lock(${lock})`));
    await client.query(`SELECT pg_advisory_lock(${lock})`);
    const body = { name: 'dev', type: 'development', database: 'postgresql' };
    const ask: Ask = { body, headers: { 'idempotency-key': 'killed' } };
    const cut = call('POST', '/api/v1/environments', ask).catch(() => undefined);
    await eventually('the failpoint', async () => ((await client.query(waits)).rowCount === 1 ? true : undefined));
    expect(await events()).toBe(1);
    first.child.kill('SIGKILL');
    expect([await first.ended, await cut]).toEqual(['SIGKILL', undefined]);
    await client.query(others);
    await client.query(`DROP TRIGGER lose_answer ON orchestrator.idempotency_keys`);
    await client.query(`SELECT pg_advisory_unlock(${lock})`);
    await start();
    expect((await call('POST', '/api/v1/environments', ask)).body).toMatchObject({ status: 409, code: 'DSEM-4005' });
    await client.query(`UPDATE orchestrator.idempotency_keys SET claimed_at = now() - interval '61 seconds'`);
    const again = await call('POST', '/api/v1/environments', ask);
    expect([again.status, again.body['name'], await events()]).toEqual([201, 'dev', 1]);
    const kept = await call('POST', '/api/v1/environments', ask);
    expect([kept.text, kept.headers['idempotent-replayed']]).toEqual([again.text, 'true']);
  }, 120_000);
});
