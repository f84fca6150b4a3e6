import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyRoutes } from '@dsem/api';
import { createHost, createLogger, type Host } from '@dsem/service-host';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { openGateway } from './gateway.module.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const tokenKey = new Uint8Array(32).fill(7);

describeWithServer('postgresql', 'the gateway', () => {
  let database: TestDatabase;
  let folder: string;
  let pool: pg.Pool;
  let host: Host;
  let url: string;
  let administrator: string;
  let now = Date.now();

  const open = async (): Promise<Host> => {
    const running = await openGateway(
      {
        databaseUrl: database.url,
        bus: { kind: 'postgres' },
        tokenKey,
        addressOf: () => url,
        logger,
        poolSize: 4,
        clock: () => new Date(now),
      },
      { administratorKeyFile: join(folder, 'key') },
    );
    const opened = await createHost({
      modules: [running.module],
      services: [running.context],
      authenticator: running.authenticator,
      logger,
      version: '0.0.0',
      checkAnswers: true,
    });
    url = await opened.listen(0);
    await running.start();
    return opened;
  };

  beforeAll(async () => {
    const postgres = await server('postgresql');
    database = await postgres.createDatabase();
    pool = surviving(new pg.Pool({ connectionString: database.url, max: 1 }));
    folder = await mkdtemp(join(tmpdir(), 'dsem-gateway-'));
    host = await open();
    administrator = (await readFile(join(folder, 'key'), 'utf8')).trim();
  }, 120_000);

  afterAll(async () => {
    await host.close();
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const call = async (
    method: string,
    path: string,
    options: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.key ?? administrator}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  };

  const issue = async (wish: Record<string, unknown> = {}): Promise<{ id: string; secret: string }> => {
    const { status, body } = await call('POST', '/api/v1/keys', {
      body: { name: 'ci', roles: ['developer'], ...wish },
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body as { id: string; secret: string };
  };

  const eventually = async (check: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await check()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('it never came to be');
  };

  it('writes the first administrator key where only its owner can read it, and keeps it at the next start', async () => {
    expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
    expect((await call('GET', '/api/v1/me')).body).toMatchObject({ kind: 'key', roles: ['administrator'] });
    await host.close();
    host = await open();
    expect((await readFile(join(folder, 'key'), 'utf8')).trim()).toBe(administrator);
  });

  it('issues a key whose secret is shown once and stored nowhere', async () => {
    const { id, secret } = await issue();
    expect((await call('GET', '/api/v1/me', { key: secret })).body).toMatchObject({ id, roles: ['developer'] });
    const shown = await call('GET', `/api/v1/keys/${id}`);
    expect(shown.headers.get('etag')).toBe('"v1"');
    expect(JSON.stringify(shown.body)).not.toContain(secret);
    await eventually(async () => JSON.stringify((await call('GET', '/api/v1/keys?limit=200')).body).includes(id));
    const { rows } = await pool.query<{ everything: string }>(
      `SELECT (SELECT json_agg(e)::text FROM gateway.events e) || coalesce((SELECT json_agg(k)::text FROM
        gateway.idempotency_keys k), '') || (SELECT json_agg(a)::text FROM gateway.api_keys a) AS everything`,
    );
    expect(rows[0]?.everything).toContain(id);
    expect(rows[0]?.everything).not.toContain(secret.slice(-72, -8));
  });

  it.each([
    ['no roles', { roles: [] }, 422, 'DSEM-1002'],
    ['an unknown role', { roles: ['god'] }, 422, 'DSEM-1002'],
    ['a life of 91 days', { expiresInDays: 91 }, 422, 'DSEM-1002'],
    ['an agent without environments', { kind: 'agent', roles: ['agent'] }, 422, 'DSEM-1002'],
    ['a person with an agent role', { roles: ['agent'] }, 422, 'DSEM-1002'],
  ])('refuses a key with %s', async (_, wish, status, code) => {
    const answer = await call('POST', '/api/v1/keys', { body: { name: 'x', roles: ['developer'], ...wish } });
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  it('lets only administrators issue keys, and scopes narrow a role', async () => {
    const developer = await issue();
    const refused = await call('POST', '/api/v1/keys', {
      key: developer.secret,
      body: { name: 'x', roles: ['developer'] },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'DSEM-5105', action: 'key:issue' } });
    const narrow = await issue({ roles: ['administrator'], scopes: ['key:read', 'self:*'] });
    expect((await call('GET', '/api/v1/me', { key: narrow.secret })).body).toMatchObject({
      actions: ['key:read', 'self:read'],
    });
  });

  it('rotates: both secrets hold during the overlap, then only the new one', async () => {
    const { id, secret } = await issue();
    const rotated = await call('POST', `/api/v1/keys/${id}/rotate`, { key: secret, body: { overlapMinutes: 10 } });
    const fresh = rotated.body['secret'] as string;
    for (const key of [secret, fresh]) expect((await call('GET', '/api/v1/me', { key })).status).toBe(200);
    now += 11 * 60_000;
    expect((await call('GET', '/api/v1/me', { key: secret })).body).toMatchObject({ code: 'DSEM-5102' });
    expect((await call('GET', '/api/v1/me', { key: fresh })).status).toBe(200);
  });

  it('lets nobody rotate the key of another, whatever the role', async () => {
    const [{ id }, other] = [await issue({ roles: ['approver'] }), await issue({ roles: ['administrator'] })];
    for (const key of [administrator, other.secret]) {
      const refused = await call('POST', `/api/v1/keys/${id}/rotate`, { key, body: {} });
      expect(refused).toMatchObject({ status: 403, body: { code: 'DSEM-5105', action: 'key:rotate' } });
    }
  });

  it.each<[string, object, object]>([
    ['scopes', { scopes: ['key:*'] }, { scopes: ['key:read'] }],
    ['environments', { environments: ['dev', 'stg'] }, { environments: ['dev'] }],
  ])('lets a key with %s issue and revoke keys within them only', async (_, limit, within) => {
    const { secret: key } = await issue({ roles: ['administrator'], ...limit });
    const wish = (more: object) =>
      call('POST', '/api/v1/keys', { key, body: { name: 'x', roles: ['developer'], ...more } });
    for (const beyond of [{}, { scopes: ['key:read', 'schema:read'], environments: ['dev', 'prd'] }])
      expect(await wish(beyond)).toMatchObject({ status: 403, body: { code: 'DSEM-5105', action: 'key:issue' } });
    const narrow = await wish(within);
    expect(narrow.status).toBe(201);
    const wide = await issue();
    expect((await call('DELETE', `/api/v1/keys/${wide.id}`, { key })).body).toMatchObject({ code: 'DSEM-5105' });
    expect((await call('DELETE', `/api/v1/keys/${String(narrow.body['id'])}`, { key })).status).toBe(204);
  });

  it('refuses a revoked key at the next request, for ever', async () => {
    const { id, secret } = await issue();
    expect((await call('GET', '/api/v1/me', { key: secret })).status).toBe(200);
    expect((await call('DELETE', `/api/v1/keys/${id}`, { headers: { 'if-match': '"v9"' } })).status).toBe(412);
    expect((await call('DELETE', `/api/v1/keys/${id}`, { headers: { 'if-match': '"v1"' } })).status).toBe(204);
    expect((await call('GET', '/api/v1/me', { key: secret })).body).toMatchObject({ status: 401, code: 'DSEM-5104' });
    const rotate = await call('POST', `/api/v1/keys/${id}/rotate`, { key: secret, body: {} });
    expect(rotate.body).toMatchObject({ status: 401, code: 'DSEM-5104' });
  });

  it('refuses an expired key', async () => {
    const { secret } = await issue({ expiresInDays: 1 });
    now += 86_400_001;
    expect((await call('GET', '/api/v1/me', { key: secret })).body).toMatchObject({ status: 401, code: 'DSEM-5103' });
  });

  it('issues one key per idempotency key, and never stores the answer that held the secret', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { name: 'once', roles: ['developer'] };
    expect((await call('POST', '/api/v1/keys', { headers, body })).status).toBe(201);
    expect((await call('POST', '/api/v1/keys', { headers, body })).body).toMatchObject({ code: 'DSEM-4014' });
    const other = await call('POST', '/api/v1/keys', { headers, body: { ...body, name: 'other' } });
    expect(other.body).toMatchObject({ status: 422, code: 'DSEM-1011' });
  });

  it('forgets a refused request, so that its idempotency key may be used again', async () => {
    const headers = { 'idempotency-key': 'again' };
    const body = { name: 'agent', kind: 'agent', roles: ['agent'] };
    expect((await call('POST', '/api/v1/keys', { headers, body })).status).toBe(422);
    const better = { ...body, environments: ['eu'] };
    expect((await call('POST', '/api/v1/keys', { headers, body: better })).status).toBe(201);
  });

  it('pages through all keys without missing one', async () => {
    const issued = await Promise.all(Array.from({ length: 5 }, () => issue()));
    const seen: string[] = [];
    const walk = async (cursor?: string): Promise<void> => {
      const page = await call('GET', `/api/v1/keys?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...(page.body['items'] as { id: string }[]).map((item) => item.id));
      if (page.body['nextCursor'] !== undefined) await walk(page.body['nextCursor'] as string);
    };
    await eventually(async () => {
      seen.splice(0);
      await walk();
      return issued.every(({ id }) => seen.includes(id));
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect((await call('GET', '/api/v1/keys?cursor=!')).body).toMatchObject({ status: 400, code: 'DSEM-1013' });
  });

  it('serves every route of keys in the document', async () => {
    const { body } = await call('GET', '/api/v1/openapi.json');
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining(Object.values(keyRoutes).map(({ path }) => path)),
    );
  });

  it('is ready while its database and bus are', async () => {
    expect((await call('GET', '/health/ready')).body).toMatchObject({
      status: 'ok',
      checks: { 'gateway.database': { status: 'up' }, 'gateway.bus': { status: 'up' } },
    });
  });
});
