import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemOf } from '@dsem/api';
import { ConnectionError, NotAvailable, SchemaEvolutionManager, SdkError, WaitTimeout } from './index.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What the scripted server answers next; `drop` cuts the connection instead. */
type Script = { status: number; body?: unknown; headers?: Record<string, string> } | 'drop';

const read = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
};

describe('the SDK against a server', () => {
  let server: Server;
  let endpoint: string;
  let script: Script[] = [];
  let seen: Seen[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      void read(request).then((body) => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        const next = script.shift() ?? { status: 500, body: 'the script is over' };
        if (next === 'drop') request.socket.destroy();
        else
          response
            .writeHead(next.status, { 'content-type': 'application/json', ...next.headers })
            .end(next.body === undefined ? '' : JSON.stringify(next.body));
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    script = [];
    seen = [];
  });

  const manager = (options: object = {}) =>
    new SchemaEvolutionManager({ endpoint, apiKey: 'dsem_user_1_secret', logLevel: 'silent', ...options });
  const progress = (status: string, targets: unknown[] = []) => ({
    id: 'm1',
    schema: 'shop',
    version: '1.0.0',
    status,
    allowed: [],
    targets,
  });

  it('sends what the route says and answers its body', async () => {
    script = [{ status: 200, body: { compatible: true } }];
    const result = await manager().validateCompatibility('CREATE TABLE a ();', 'CREATE TABLE b ();', {
      compatibility: 'full',
    });
    expect(result.compatible).toBe(true);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/compatibility/validate',
        headers: { authorization: 'Bearer dsem_user_1_secret' },
        body: { oldSchema: 'CREATE TABLE a ();', newSchema: 'CREATE TABLE b ();', compatibility: 'full' },
      },
    ]);
  });

  it('walks through the dead letters of one service, or of one after the other', async () => {
    const of = (id: string, nextCursor?: string): Script => ({ status: 200, body: { items: [{ id }], nextCursor } });
    const ids = async (letters: AsyncGenerator<{ readonly id: string }>): Promise<string[]> => {
      const found: string[] = [];
      for await (const { id } of letters) found.push(id);
      return found;
    };
    script = [of('1', 'c'), of('2'), of('1'), of('1'), of('1'), of('1')];
    expect(await ids(manager().listDeadLetters({ service: 'audit', key: 'a b' }))).toEqual(['1', '2']);
    expect(await ids(manager().listDeadLetters())).toEqual(['1', '1', '1', '1']);
    const path = (service: string, query = ''): string => `/api/v1/services/${service}/dead-letters${query}`;
    expect(seen.map(({ url }) => url)).toEqual([
      path('audit', '?key=a+b'),
      path('audit', '?key=a+b&cursor=c'),
      ...['registry', 'validator', 'orchestrator', 'audit'].map((service) => path(service)),
    ]);
  });

  it('walks through what agents tell of their dead letters', async () => {
    script = [{ status: 200, body: { items: [{ agent: 'eu-1' }] } }];
    for await (const told of manager().listAgentDeadLetters({ agent: 'eu-1' })) expect(told).toEqual({ agent: 'eu-1' });
    expect(seen.map(({ url }) => url)).toEqual(['/api/v1/agents/dead-letters?agent=eu-1']);
  });

  it('says which dead letter of which service, and why', async () => {
    script = [
      { status: 200, body: { id: '7' } },
      { status: 204 },
      { status: 200, body: { items: [] } },
      { status: 200, body: { replayed: 1, remaining: 0 } },
    ];
    await manager().getDeadLetter('registry', '7');
    await manager().discardDeadLetter('registry', '7', 'garbage');
    for await (const parked of manager().listParkedKeys({ service: 'audit' })) expect(parked).toBeUndefined();
    await manager().replayParkedKey('registry', { consumer: 'c', key: 'k' });
    expect(seen.map(({ method, url, body }) => [method, url.replace('/api/v1/services/', ''), body])).toEqual([
      ['GET', 'registry/dead-letters/7', undefined],
      ['POST', 'registry/dead-letters/7/discard', { reason: 'garbage' }],
      ['GET', 'audit/parked-keys', undefined],
      ['POST', 'registry/parked-keys/replay', { consumer: 'c', key: 'k' }],
    ]);
  });

  it.each<[string, Script]>([
    ['a cut connection', 'drop'],
    ['503', { status: 503, body: {}, headers: { 'retry-after': '0' } }],
    ['429', { status: 429, body: {}, headers: { 'retry-after': '0' } }],
    [
      'a first try that is still running',
      { status: 409, body: problemOf('DSEM-4005'), headers: { 'retry-after': '0' } },
    ],
  ])('repeats a POST after %s with the same idempotency key', async (_, first) => {
    script = [first, { status: 201, body: { id: 'm1' } }];
    await manager().createMigration({ schema: 'shop', environments: ['dev'] });
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('does not repeat a PUT, whose second try could meet its own first', async () => {
    script = ['drop', { status: 200, body: {} }];
    await expect(manager().updateSchema('shop', { owner: 'x' })).rejects.toBeInstanceOf(ConnectionError);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers['if-match']).toBe('*');
  });

  it('gives up after four tries', async () => {
    script = ['drop', 'drop', 'drop', 'drop', { status: 200, body: {} }];
    await expect(manager().getSchema('shop')).rejects.toBeInstanceOf(ConnectionError);
    expect(seen).toHaveLength(4);
  });

  it('throws a problem with its code, fix and wrong fields', async () => {
    const errors = [{ path: 'body.name', message: 'too short' }];
    script = [{ status: 422, body: problemOf('DSEM-1002', 'x', { errors }), headers: { 'x-correlation-id': 'c1' } }];
    const failure: unknown = await manager()
      .registerSchema({ name: 'shop', database: 'postgresql', definition: 'x' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SdkError);
    expect(failure).toMatchObject({
      code: 'DSEM-1002',
      status: 422,
      errors,
      correlationId: 'c1',
      fix: expect.any(String) as string,
    });
  });

  it('says so when something else than the product answers', async () => {
    script = [{ status: 404, body: '<html>' }];
    await expect(manager().getSchema('shop')).rejects.toMatchObject({ code: 'DSEM-9003', status: 404 });
  });

  it('answers the health of a failing server instead of throwing', async () => {
    script = [{ status: 503, body: { status: 'failing' } }];
    expect(await manager().health()).toMatchObject({ status: 'failing' });
  });

  it('walks through all pages', async () => {
    script = [
      { status: 200, body: { items: [{ id: 'a' }, { id: 'b' }], nextCursor: 'n/1' } },
      { status: 200, body: { items: [{ id: 'c' }] } },
    ];
    const ids: string[] = [];
    for await (const { id } of manager().listSchemas({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(seen.map(({ url }) => url)).toEqual(['/api/v1/schemas?limit=2', '/api/v1/schemas?limit=2&cursor=n%2F1']);
  });

  it('deploys: plans, approves, starts, waits, and tells each change', async () => {
    const running = [{ environment: 'dev', wave: 0, status: 'running', direction: 'forward', attempt: 1 }];
    const done = [{ ...running[0], status: 'succeeded' }];
    script = [
      { status: 201, body: { id: 'm1' } },
      { status: 200, body: progress('draft') },
      { status: 200, body: progress('awaiting-approval') },
      { status: 200, body: progress('approved') },
      { status: 200, body: progress('running') },
      { status: 200, body: progress('running', running) },
      { status: 200, body: progress('completed', done) },
    ];
    const lines: string[] = [];
    const traced = manager({
      traceMigrations: true,
      logLevel: 'warn',
      logSink: { error: (line: string) => void lines.push(line) },
    });
    const result = await traced.deployMigration({ schema: 'shop' }, ['dev'], { approve: true, pollMs: 1 });
    expect(result).toMatchObject({
      id: 'm1',
      success: true,
      environments: [{ environment: 'dev', status: 'succeeded' }],
    });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /api/v1/migrations',
      'GET /api/v1/migrations/m1/status',
      'GET /api/v1/migrations/m1/status',
      'POST /api/v1/migrations/m1/approve',
      'POST /api/v1/migrations/m1/execute',
      'GET /api/v1/migrations/m1/status',
      'GET /api/v1/migrations/m1/status',
    ]);
    expect(lines.at(-1)).toMatch(/migration m1 completed: dev succeeded/);
  });

  it('hands back a migration that waits for somebody else', async () => {
    script = [{ status: 200, body: progress('awaiting-approval') }];
    expect(await manager().deployMigration('m1')).toMatchObject({ success: false, status: 'awaiting-approval' });
  });

  it('stops waiting when the time is up', async () => {
    script = Array.from({ length: 50 }, () => ({ status: 200, body: progress('running') }));
    await expect(manager().waitForMigration('m1', { timeoutMs: 20, pollMs: 5 })).rejects.toBeInstanceOf(WaitTimeout);
  });

  it.each([
    [404, 'DSEM-1009'],
    [405, 'DSEM-1016'],
  ] as const)('surfaces that a server has no webhooks by %i', async (status, code) => {
    script = [{ status, body: problemOf(code) }];
    const webhook = { url: 'https://example.com/h', secret: 's', events: ['completed' as const] };
    await expect(manager().registerWebhook('migration_completed', webhook)).rejects.toBeInstanceOf(NotAvailable);
    expect(seen[0]).toMatchObject({ url: '/api/v1/webhooks', body: { name: 'migration_completed', ...webhook } });
  });

  it('encodes what stands in a path', async () => {
    script = [{ status: 200, body: {} }];
    await manager().getSchema('a/../b?c');
    expect(seen[0]?.url).toBe('/api/v1/schemas/a%2F..%2Fb%3Fc');
  });

  it('never logs a key', async () => {
    const lines: string[] = [];
    script = ['drop', { status: 200, body: {} }];
    const key = `dsem_user_ab_${'0'.repeat(72)}`;
    const loud = manager({
      debug: true,
      logLevel: 'verbose',
      apiKey: key,
      logSink: { error: (line: string) => void lines.push(line) },
    });
    await loud.getSchema(key);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('\n')).not.toContain('000');
  });
});
