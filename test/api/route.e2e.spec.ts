import { verifyExport } from '@dsem/ledger';
import { describeWithServer } from '@dsem/testkit';
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
import { seed, settled, shop, shopWithNote } from './samples.js';
import { eventually, openWorld, type Json, type World } from './world.js';

const canary = 'canary-5d1e0f';
const trace = '0af7651916cd43dd8448eb211c80319c';
const tracing = { traceparent: `00-${trace}-b7ad6b7169203331-01`, 'x-correlation-id': 'story-1' };

interface Entry {
  readonly index: number;
  readonly event: string;
  readonly envelope: {
    readonly id: string;
    readonly causationid: string;
    readonly correlationid: string;
    readonly traceparent?: string;
  };
}

describeWithServer('postgresql', 'the route over HTTP', () => {
  let world: World;
  /** A migration of the shop that was planned while its database was empty. */
  let early: string;

  const migrate = async (schema: string, environment: string): Promise<string> => {
    const body = { schema, environments: [environment] };
    const { id } = await world.done(201, 'POST', '/api/v1/migrations', { body, headers: tracing });
    await eventually('planning', async () => {
      const { status } = await world.done(200, 'GET', `/api/v1/migrations/${String(id)}`);
      return status === 'approved' ? true : undefined;
    });
    await world.done(200, 'POST', `/api/v1/migrations/${String(id)}/execute`, { body: {}, headers: tracing });
    await eventually('the rollout', async () => {
      const progress = await world.done(200, 'GET', `/api/v1/migrations/${String(id)}/status`);
      if (['halted', 'needs-decision'].includes(String(progress['status']))) throw new Error(JSON.stringify(progress));
      return progress['status'] === 'completed' ? true : undefined;
    });
    return String(id);
  };

  const entries = async (query: string): Promise<Entry[]> => {
    const { items } = await world.done(200, 'GET', `/api/v1/audit/entries?limit=200&${query}`);
    return items as Entry[];
  };

  beforeAll(async () => {
    world = await openWorld();
    await seed(world);
    const url = new URL(await world.database('dev'));
    await world.pool.query(`DROP ROLE IF EXISTS fiona`);
    await world.pool.query(`CREATE ROLE fiona SUPERUSER LOGIN PASSWORD '${canary}'`);
    url.username = 'fiona';
    url.password = canary;
    const far = `postgresql://fiona:${canary}@127.0.0.1:1/far`;
    await world.done(201, 'POST', '/api/v1/environments', {
      body: { name: 'far', type: 'development', database: 'postgresql' },
    });
    await world.standalone.serve({
      agent: 'local',
      environments: [
        { name: 'dev', engine: 'postgresql', url: url.href },
        { name: 'far', engine: 'postgresql', url: far },
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await world.close();
  }, 60_000);

  describe("the brief's own requests", () => {
    const compatibility = { backward: true, forward: true };

    it('registers a schema by its model', async () => {
      const { newest } = await world.done(200, 'GET', '/api/v1/schemas/shop');
      const { digest } = newest as { digest: string };
      const definition = await world.done(200, 'GET', `/api/v1/definitions/${digest}`);
      const body = { name: 'user_profile_v2', database: 'postgresql', definition, compatibility };
      const made = await world.done(201, 'POST', '/api/v1/schemas', { body });
      expect(made).toMatchObject({ name: 'user_profile_v2', compatibility: 'full', created: true, newest: { digest } });
      const again = await world.done(200, 'POST', '/api/v1/schemas', { body });
      expect(again).toMatchObject({ created: false, versions: 1 });
    });

    it('registers a schema by its DDL', async () => {
      const body = { name: 'user_profile_v3', database: 'postgresql', definition: shop, compatibility };
      expect(await world.done(201, 'POST', '/api/v1/schemas', { body })).toMatchObject({ created: true });
    });

    it('says what of a definition was left out, and where', async () => {
      const definition = 'CREATE TABLE n (id bigint PRIMARY KEY);\nINSERT INTO n VALUES (1);';
      const body = { name: 'noted', database: 'postgresql', definition };
      const { notes } = await world.done(201, 'POST', '/api/v1/schemas', { body });
      expect(notes).toEqual([{ message: expect.any(String), location: expect.objectContaining({ line: 2 }) }]);
    });

    it('tells the status of migrations', async () => {
      const { counts, active } = await world.done(200, 'GET', '/api/v1/migrations/status');
      expect([counts, active]).toEqual([{ 'awaiting-approval': 1 }, []]);
    });

    it('validates two schemas of the body', async () => {
      const answer = (body: Json) => world.done(200, 'POST', '/api/v1/compatibility/validate', { body });
      expect(await answer({ oldSchema: shop, newSchema: shopWithNote })).toMatchObject({
        compatible: true,
        mode: 'backward',
      });
      const back = await answer({ oldSchema: shopWithNote, newSchema: shop });
      const finding: unknown = expect.objectContaining({ object: 'public.orders.note' });
      expect(back).toMatchObject({ compatible: true, forwardCompatible: false, findings: [finding] });
      const full = await answer({ oldSchema: shopWithNote, newSchema: shop, compatibility });
      expect(full).toMatchObject({ compatible: false, mode: 'full' });
    });

    it('tells its health to anybody', async () => {
      const { status, body } = await world.call('GET', '/health', { key: '' });
      expect([status, body['status']]).toEqual([200, 'ok']);
    });
  });

  it("is what the SDK's own sample drives, on a live server", async () => {
    const manager = new SchemaEvolutionManager({ apiKey: world.administrator, endpoint: world.standalone.url });
    const [oldSchema, newSchema] = [shop, shopWithNote];
    expect(await manager.validateCompatibility(oldSchema, newSchema)).toMatchObject({ compatible: true });
    await world.database('sdk');
    await manager.client.call('addEnvironment', {
      body: { name: 'sdk', type: 'development', database: 'postgresql' },
    });
    await manager.registerSchema({ name: 'sdk', database: 'postgresql', definition: newSchema });
    const plan = { schema: 'sdk', version: '1.0.0' };
    const started = await manager.deployMigration(plan, ['sdk'], { wait: false });
    expect(started).toMatchObject({ environments: [{ environment: 'sdk' }], success: false });
  });

  it('is one trace with one correlation and an unbroken chain of causes, from the request to the audit trail', async () => {
    const first = { body: { schema: 'shop', environments: ['dev'] } };
    early = String((await world.done(201, 'POST', '/api/v1/migrations', first))['id']);
    const body = { name: 'traced', database: 'postgresql', definition: shop };
    await world.done(201, 'POST', '/api/v1/schemas', { body, headers: tracing });
    await migrate('traced', 'dev');
    const wanted = [
      ...['SubjectCreated', 'VersionRegistered', 'CompatibilityAssessed', 'MigrationDrafted', 'MigrationPlanned'],
      ...['MigrationApproved', 'RolloutStarted', 'TargetDispatched', 'ExecutePlan', 'ExecutionAccepted', 'StepApplied'],
      ...['ExecutionCompleted', 'TargetSucceeded', 'RevisionRecorded', 'RolloutCompleted'],
    ];
    const told = await eventually('the audit trail', async () => {
      const found = await entries('correlationId=story-1');
      const names = new Set(found.map(({ event }) => event));
      return wanted.every((name) => names.has(name)) ? found : undefined;
    });
    const strange = told.filter(({ envelope }) => envelope.traceparent?.split('-')[1] !== trace);
    expect(strange.map(({ event }) => event)).toEqual([]);
    const ids = new Set(told.map(({ envelope }) => envelope.id));
    const roots = told.filter(({ envelope }) => !ids.has(envelope.causationid));
    const asked = ['SubjectCreated', 'VersionRegistered', 'MigrationDrafted', 'MigrationPlanned', 'MigrationApproved'];
    const byRequest = [...asked, 'RolloutStarted', 'WaveStarted', 'TargetDispatched', 'RolloutLinked'];
    expect(roots.filter(({ event }) => !byRequest.includes(event)).map(({ event }) => event)).toEqual([]);
    expect(new Set(roots.map(({ envelope }) => envelope.causationid)).size).toBe(3);
  }, 120_000);

  it('refuses a schema where another one holds the database, before and after its plan', async () => {
    const status = (id: unknown): Promise<Json> => world.done(200, 'GET', `/api/v1/migrations/${String(id)}/status`);
    const body = { schema: 'shop', environments: ['dev', 'sdk'] };
    const refused = await world.call('POST', '/api/v1/migrations', { body });
    expect([refused.status, refused.body['code']]).toEqual([409, 'DSEM-4017']);
    expect(refused.body['detail']).toBe('shop has no place there: dev holds traced 1.0.0');
    expect(await status(early)).toMatchObject({ status: 'approved' });
    const started = await world.call('POST', `/api/v1/migrations/${early}/execute`, { body: {} });
    expect([started.status, started.body['code']]).toEqual([409, 'DSEM-4017']);
    expect(await status(early)).toMatchObject({ status: 'refused', allowed: [] });
  });

  it('exports a trail that verifies offline', async () => {
    const { status, text } = await world.call('GET', '/api/v1/audit/export');
    expect(status).toBe(200);
    expect(await verifyExport(text.split('\n').filter((line) => line !== ''))).toMatchObject({ valid: true });
  });

  describe('lists', () => {
    const walk = async (path: string): Promise<unknown[]> => {
      const seen: unknown[] = [];
      const join = path.includes('?') ? '&' : '?';
      for (let cursor = ''; ;) {
        const { items, nextCursor } = await world.done(200, 'GET', `${path}${join}limit=1${cursor}`);
        seen.push(...(items as unknown[]));
        if (nextCursor === undefined) return seen;
        cursor = `&cursor=${encodeURIComponent(String(nextCursor))}`;
        if (seen.length > 500) throw new Error(`${path} does not end`);
      }
    };

    beforeAll(async () => {
      const names = ['a', 'B', 'b', 'a.b', 'a-b', 'a_b', 'ab', '0'];
      for (const name of names) {
        await world.done(201, 'POST', '/api/v1/schemas', {
          body: { name: `list-${name}`, database: 'postgresql', definition: shop, owner: 'lists' },
        });
        await world.done(201, 'POST', '/api/v1/environments', {
          body: { name: `list-${name}`, type: 'staging', database: 'postgresql' },
        });
        await world.done(201, 'POST', '/api/v1/consumers', { body: { name: `list-${name}`, schema: 'shop' } });
        await world.done(201, 'POST', '/api/v1/migrations', { body: { schema: 'shop', environments: ['list-a'] } });
      }
      for (let n = 0; n < 4; n++) {
        const definition = shopWithNote.replace('note', `note${n}`);
        await world.done(201, 'POST', '/api/v1/schemas', {
          body: { name: 'shop', database: 'postgresql', definition },
        });
      }
      await settled(world);
    }, 120_000);

    it.each([
      ['/api/v1/schemas', 11],
      ['/api/v1/schemas?owner=lists', 8],
      ['/api/v1/schemas/shop/versions', 5],
      ['/api/v1/consumers', 9],
      ['/api/v1/consumers?schema=shop', 9],
      ['/api/v1/environments', 11],
      ['/api/v1/environments?type=staging', 8],
      ['/api/v1/migrations', 10],
      ['/api/v1/migrations?environment=list-a', 8],
      ['/api/v1/validation/reports', 15],
      ['/api/v1/validation/reports?schema=shop', 5],
      ['/api/v1/keys', 8],
      ['/api/v1/audit/entries', 60],
      ['/api/v1/audit/entries?event=VersionRegistered', 15],
    ])('GET %s one by one tells each of at least %i once', async (path, least) => {
      const walked = await walk(path);
      const { items } = await world.done(200, 'GET', `${path}${path.includes('?') ? '&' : '?'}limit=200`);
      expect(walked.length).toBeGreaterThanOrEqual(least);
      const known = new Set(walked.map((item) => JSON.stringify(item)));
      expect(known.size).toBe(walked.length);
      if (walked.length <= 200) expect(walked).toEqual(items);
    });
  });

  describe('read models', () => {
    const models: [string, string, readonly string[]][] = [
      ['registry', 'schemas', ['schemas', 'versions', 'consumers']],
      ['validator', 'reports', ['reports']],
      ['orchestrator', 'orchestrator', ['migrations', 'environments']],
      ['gateway', 'api-keys', ['api_keys']],
    ];

    it.each(models)(
      'of the %s are the same when they are rebuilt from the events',
      async (service, projection, tables) => {
        const rows = async (): Promise<unknown[]> =>
          Promise.all(
            tables.map(async (table) => {
              const found = await world.pool.query(
                `SELECT to_jsonb(t)::text AS row FROM ${service}.${table} t ORDER BY 1`,
              );
              return found.rows.map(({ row }: { row: string }) => row);
            }),
          );
        const checkpoint = async (): Promise<{ version: number; position: string }> => {
          const select = `SELECT version, position FROM ${service}.projections WHERE name = $1`;
          return (await world.pool.query(select, [projection])).rows[0] as { version: number; position: string };
        };
        await settled(world);
        const [before, at] = [await rows(), await checkpoint()];
        expect(before.flat().length).toBeGreaterThan(tables.length);
        await world.pool.query(`UPDATE ${service}.projections SET version = 0, position = 0 WHERE name = $1`, [
          projection,
        ]);
        await eventually('the rebuild', async () => {
          const now = await checkpoint();
          return now.version === at.version && BigInt(now.position) >= BigInt(at.position) ? true : undefined;
        });
        expect(await rows()).toEqual(before);
      },
      60_000,
    );
  });

  it('tells no secret in a log line, an answer or the audit trail', async () => {
    const unreachable = await eventually('the heartbeat of the far environment', async () => {
      const health = await world.done(200, 'GET', '/api/v1/environments/far/health');
      return health['status'] === 'unreachable' ? health : undefined;
    });
    const broken = `CREATE ROLE x PASSWORD '${canary}'; CREATE TABLE`;
    await world.done(422, 'POST', '/api/v1/schemas', {
      body: { name: 'x', database: 'postgresql', definition: broken },
    });
    await world.done(404, 'GET', `/api/v1/nothing?token=${canary}`);
    await world.done(401, 'GET', '/api/v1/schemas', { key: `dsem_user_${canary}` });
    const { text } = await world.call('GET', '/api/v1/audit/export');
    const secrets = [canary, ...[world.administrator, ...Object.values(world.keys)].map((key) => key.slice(-50))];
    const places = { health: JSON.stringify(unreachable), audit: text, log: world.logged.join('') };
    expect(places.log.length).toBeGreaterThan(10_000);
    for (const [place, all] of Object.entries(places))
      for (const secret of secrets) {
        const lines = all.split('\n').filter((line) => line.includes(secret));
        expect([place, lines.slice(0, 3)]).toEqual([place, []]);
      }
  }, 60_000);
});
