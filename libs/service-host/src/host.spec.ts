import { defineRoute, definitionBytes, type RouteSpec } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { z } from 'zod';
import { apiKeyAuthenticator, mintKey, type KeyRecord } from './api-key.js';
import { createHost, type Host } from './bootstrap.js';
import { assertMatch } from './etag.js';
import { createLogger } from './logging.js';
import { reply, type Reply } from './reply.js';
import { Input, Route, type Incoming } from './route.decorator.js';
import { RouteWithoutPolicy } from './route-policies.js';

const thing = z.object({ name: z.string(), limit: z.number(), actor: z.string(), correlationId: z.string() });

const testRoutes = {
  make: defineRoute({
    id: 'make',
    method: 'POST',
    path: '/api/v1/things',
    service: 'registry',
    summary: 'Make a thing',
    tags: ['Things'],
    policy: { action: 'schema:register' },
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    body: z.strictObject({ name: z.string().min(1), deep: z.unknown().optional() }),
    responses: { 201: thing },
  }),
  change: defineRoute({
    id: 'change',
    method: 'PUT',
    path: '/api/v1/things/{id}',
    service: 'registry',
    summary: 'Change a thing',
    tags: ['Things'],
    policy: { action: 'schema:update' },
    params: z.object({ id: z.string().regex(/^[a-z]+$/) }),
    body: z.strictObject({ name: z.string() }),
    responses: { 204: null },
  }),
  large: defineRoute({
    id: 'large',
    method: 'POST',
    path: '/api/v1/large',
    service: 'registry',
    summary: 'Take a large thing',
    tags: ['Things'],
    policy: { action: 'schema:register' },
    body: z.looseObject({}),
    maxBodyBytes: definitionBytes,
    responses: { 200: z.object({ keys: z.number() }) },
  }),
  read: defineRoute({
    id: 'read',
    method: 'GET',
    path: '/api/v1/things/{id}',
    service: 'registry',
    summary: 'Read a thing',
    tags: ['Things'],
    policy: { action: 'schema:read' },
    params: z.object({ id: z.string() }),
    responses: { 200: z.object({ id: z.string() }) },
  }),
  broken: defineRoute({
    id: 'broken',
    method: 'GET',
    path: '/api/v1/broken',
    service: 'registry',
    summary: 'Fail',
    tags: ['Things'],
    policy: { action: 'schema:read' },
    responses: { 200: z.object({}) },
  }),
} as const satisfies Record<string, RouteSpec>;

@Controller()
class ThingController {
  @Route(testRoutes.make)
  make(@Input() { query, body, context }: Incoming<typeof testRoutes.make>): Reply<z.infer<typeof thing>> {
    const { actor, correlationId } = context;
    return reply(
      { name: body.name, limit: query.limit, actor, correlationId },
      { location: '/api/v1/things/a', etag: 'v1' },
    );
  }

  @Route(testRoutes.change)
  change(@Input() { ifMatch }: Incoming<typeof testRoutes.change>): void {
    assertMatch(ifMatch, '"v1"');
  }

  @Route(testRoutes.large)
  large(@Input() { body }: Incoming<typeof testRoutes.large>): { keys: number } {
    return { keys: Object.keys(body).length };
  }

  @Route(testRoutes.read)
  read(@Input() { params }: Incoming<typeof testRoutes.read>): Reply<{ id: string }> {
    return reply({ id: params.id }, { etag: 'v1' });
  }

  @Route(testRoutes.broken)
  broken(): never {
    throw new Error('SELECT password FROM users failed at postgres://admin:hunter2@db/x');
  }
}

@Module({ controllers: [ThingController] })
class ThingModule {}

const logLines: string[] = [];
const logger = createLogger({
  name: 'test',
  level: 'error',
  destination: { write: (line) => void logLines.push(line) },
});
const later = new Date(Date.now() + 86_400_000).toISOString();
const earlier = new Date(Date.now() - 1000).toISOString();

const keys = new Map<string, KeyRecord>();
const issue = (id: string, roles: Principal['roles'], extra: Partial<KeyRecord> = {}): string => {
  const { text, hash } = mintKey('user', id);
  const principal: Principal = { id, kind: 'key', tenant: 'default', roles };
  keys.set(id, { principal, expires: later, revoked: false, secrets: [{ hash }], ...extra });
  return text;
};

const good = issue('dev', ['developer']);
const auditor = issue('aud', ['auditor']);
const revoked = issue('rev', ['developer'], { revoked: true });
const expired = issue('exp', ['developer'], { expires: earlier });
const forged = mintKey('user', 'dev').text;

const hostOf = (module: Type): Promise<Host> =>
  createHost({
    modules: [module],
    services: [],
    authenticator: apiKeyAuthenticator((id) => Promise.resolve(keys.get(id))),
    logger,
    version: '0.0.0',
    routes: Object.values(testRoutes),
    checkAnswers: true,
  });

describe('a host', () => {
  let host: Host;
  let url: string;
  beforeAll(async () => {
    host = await hostOf(ThingModule);
    url = await host.listen(0);
  });
  afterAll(() => host.close());

  const json = { authorization: `Bearer ${good}`, 'content-type': 'application/json' };
  const post = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = json,
    path = '/api/v1/things',
  ) => fetch(`${url}${path}`, { method: 'POST', headers, body });

  it('hands the handler one validated argument and maps its reply', async () => {
    const response = await post('{"name":"a"}', { ...json, 'x-correlation-id': 'c-1' }, '/api/v1/things?limit=7');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ name: 'a', limit: 7, actor: 'key:dev', correlationId: 'c-1' });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: '"v1"',
      location: '/api/v1/things/a',
      'x-correlation-id': 'c-1',
    });
  });

  const deep = `{"name":"a","deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const manyKeys = `{"name":"a","deep":{${Array.from({ length: 200_001 }, (_, i) => `"k${i}":1`).join()}}}`;
  it.each<[string, string, number, string, string]>([
    ['no JSON', '{"name":', 400, 'DSEM-1001', ''],
    ['words after the JSON', '{"name":"a"} x', 400, 'DSEM-1001', ''],
    ['an unpaired bracket', ']]]]', 400, 'DSEM-1001', ''],
    ['no body', '', 422, 'DSEM-1002', 'body.name'],
    ['an array', '[]', 422, 'DSEM-1002', 'body'],
    ['a missing field', '{}', 422, 'DSEM-1002', 'body.name'],
    ['a field of the wrong type', '{"name":1}', 422, 'DSEM-1002', 'body.name'],
    ['an unknown field', '{"name":"a","nmae":1}', 422, 'DSEM-1002', 'body'],
    ['200,000 levels', deep, 400, 'DSEM-1005', ''],
    ['200,000 open brackets', '['.repeat(200_000), 400, 'DSEM-1005', ''],
    ['__proto__', '{"name":"a","deep":{"__proto__":{"x":1}}}', 400, 'DSEM-1006', ''],
    ['an escaped __proto__', '{"name":"a","deep":{"\\u005f_proto__":1}}', 400, 'DSEM-1006', ''],
    ['a repeated key', '{"name":"a","name":"b"}', 400, 'DSEM-1006', ''],
    ['an escaped repeated key', '{"name":"a","n\\u0061me":"b"}', 400, 'DSEM-1006', ''],
    ['a NUL character', '{"name":"a\\u0000b"}', 400, 'DSEM-1008', ''],
    ['more than 1 MiB', `{"name":"${'a'.repeat(1024 * 1024)}"}`, 413, 'DSEM-1004', ''],
  ])('refuses %s', async (_, body, status, code, path) => {
    const response = await post(body);
    const problem = (await response.json()) as { code: string; status: number; errors?: { path: string }[] };
    expect({ status: response.status, code: problem.code }).toEqual({ status, code });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem.errors?.[0]?.path ?? '').toBe(path);
  });

  it('tells the limit of a body that is too large', async () => {
    const response = await post(`{"name":"${'a'.repeat(1024 * 1024)}"}`);
    expect(await response.json()).toMatchObject({
      detail: 'the body is larger than the 1,048,576 bytes that are taken here',
    });
  });

  it('takes null for a body, not for none', async () => {
    expect(await (await post('null')).json()).toMatchObject({ code: 'DSEM-1002', errors: [{ path: 'body' }] });
  });

  it('repeats no address that is too long', async () => {
    const text = await (await fetch(`${url}/api/v1/things/${'a'.repeat(5000)}`)).text();
    expect(JSON.parse(text)).toMatchObject({ status: expect.any(Number) as number });
    expect(text.length).toBeLessThan(2000);
  });

  it('counts keys where large bodies are allowed', async () => {
    const response = await post(manyKeys, json, '/api/v1/large');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'DSEM-1005' });
  });

  it('takes 2 MiB where definitions are allowed, and text that only looks like an escape', async () => {
    const response = await post(`{"a":"${'a'.repeat(2 * 1024 * 1024)}","b":"\\\\u0000"}`, json, '/api/v1/large');
    expect(await response.json()).toEqual({ keys: 2 });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const response = await post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(await response.json()).toMatchObject({ status: 400, code: 'DSEM-1001' });
  });

  it.each([
    ['text/plain', 415, 'DSEM-1007'],
    ['application/x-www-form-urlencoded', 415, 'DSEM-1007'],
    ['nonsense', 415, 'DSEM-1007'],
  ])('refuses the content type %s', async (type, status, code) => {
    const response = await post('{"name":"a"}', { ...json, 'content-type': type });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each([
    ['nobody', undefined, 401, 'DSEM-5101'],
    ['a mistyped key', `${good.slice(0, -1)}x`, 401, 'DSEM-5102'],
    ['another secret', forged, 401, 'DSEM-5102'],
    ['an unknown key', mintKey('user', 'nope').text, 401, 'DSEM-5102'],
    ['a revoked key', revoked, 401, 'DSEM-5104'],
    ['an expired key', expired, 401, 'DSEM-5103'],
    ['a role without the action', auditor, 403, 'DSEM-5105'],
    ['foreign text', 'eyJhbGciOiJub25lIn0.e30.', 401, 'DSEM-5101'],
  ])('refuses %s', async (_, key, status, code) => {
    const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await post('{"name":"a"}', { 'content-type': 'application/json', ...authorization });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each([
    `/api/v1/nothing?api_key=${good}`,
    `/api/v1/nothing/${good}?x=1`,
    `/api/v1/things?key=${good}`,
    `/api/v1/things/${good}`,
  ])('repeats no key that stands in an address: %#', async (path) => {
    const text = await (await fetch(`${url}${path}`)).text();
    expect(text).toContain('"instance":"/api/v1/');
    expect(text).not.toContain(good.slice(-40));
  });

  it.each([
    ['/api/v1/things/A', 400, 'DSEM-1003'],
    ['/api/v1/things/a%00', 400, 'DSEM-1008'],
    ['/api/v1/things/%zz', 400, 'DSEM-1015'],
    ['/api/v1/nothing', 404, 'DSEM-1009'],
  ])('refuses PUT %s', async (path, status, code) => {
    const headers = { ...json, 'if-match': '"v1"' };
    const response = await fetch(`${url}${path}`, { method: 'PUT', headers, body: '{"name":"a"}' });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each([
    ['POST', '/api/v1/things?limit=1&Limit=2', ['query.Limit'], 'expected one of limit'],
    ['POST', '/api/v1/things?__proto__=1', ['query.__proto__'], 'expected one of limit'],
    ['POST', '/api/v1/things?toString', ['query.toString'], 'expected one of limit'],
    ['GET', '/api/v1/things/a?limit=1&q', ['query.limit', 'query.q'], 'there are none here'],
    ['GET', '/health/live?verbose=1', ['query.verbose'], 'there are none here'],
    ['POST', '/api/v1/things?limit=5&limit=6', ['query.limit'], 'given twice; give it once'],
    ['POST', '/api/v1/things?limit=5&limit=5&limit=5', ['query.limit'], 'given 3 times; give it once'],
  ])('refuses %s %s', async (method, path, paths, message) => {
    const body = method === 'POST' ? { body: '{"name":"a"}' } : {};
    const response = await fetch(`${url}${path}`, { method, headers: json, ...body });
    const errors = paths.map((each) => ({ path: each, message }));
    expect(await response.json()).toMatchObject({ status: 400, code: 'DSEM-1003', errors });
  });

  it('names some where thousands of parameters are unknown', async () => {
    const names = Array.from({ length: 2000 }, (_, n) => `a${n}`).join('&');
    const response = await fetch(`${url}/api/v1/things/a?${names}`, { headers: json });
    const { errors } = (await response.json()) as { errors: object[] };
    expect([response.status, errors.length]).toEqual([400, 20]);
  });

  it.each([
    ['DELETE', '/api/v1/things', 'POST'],
    ['POST', '/api/v1/things/a', 'GET, HEAD, PUT'],
    ['PATCH', '/api/v1/things/a%2Fb?x=1', 'GET, HEAD, PUT'],
    ['OPTIONS', '/api/v1/large', 'POST'],
    ['PROPFIND', '/health', 'GET, HEAD'],
  ])('tells that it has no %s %s, and what it has', async (method, path, allow) => {
    const response = await fetch(`${url}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(response.headers.get('x-correlation-id')).not.toBeNull();
    const detail = `${path.split('?')[0] ?? ''} takes ${allow}, not ${method}`;
    expect(await response.json()).toMatchObject({ status: 405, code: 'DSEM-1016', detail });
  });

  it.each(['/api/v1', '/api/v1/things/a/b', '/API/v1/things', '//api/v1/things'])('has nothing at %s', async (path) => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${url}${path}`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([404, null]);
    }
  });

  it.each([
    ['missing', undefined, 428, 'DSEM-1010'],
    ['stale', '"v0"', 412, 'DSEM-4004'],
    ['weak', 'W/"v1"', 412, 'DSEM-4004'],
  ])('refuses an If-Match that is %s', async (_, tag, status, code) => {
    const headers = { ...json, ...(tag === undefined ? {} : { 'if-match': tag }) };
    const response = await fetch(`${url}/api/v1/things/a`, { method: 'PUT', headers, body: '{"name":"a"}' });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each(['"v1"', '*', '"v0", "v1"'])('accepts If-Match %s', async (tag) => {
    const headers = { ...json, 'if-match': tag };
    const response = await fetch(`${url}/api/v1/things/a`, { method: 'PUT', headers, body: '{"name":"a"}' });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 204, body: '' });
  });

  it.each([
    ['"v1"', 304, ''],
    ['W/"v1"', 304, ''],
    ['"v0", "v1"', 304, ''],
    ['"v0"', 200, '{"id":"a"}'],
  ])('answers a reader who has %s with %i', async (tag, status, body) => {
    const headers = { authorization: `Bearer ${good}`, 'if-none-match': tag };
    const response = await fetch(`${url}/api/v1/things/a`, { headers });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([status, '"v1"', body]);
  });

  it('refuses a stranger before the body is read', async () => {
    const response = await post('{"name":', { 'content-type': 'application/json' });
    expect(await response.json()).toMatchObject({ status: 401, code: 'DSEM-5101' });
  });

  it('answers its own faults with an incident id only, and logs them without secrets', async () => {
    const response = await fetch(`${url}/api/v1/broken`, { headers: { authorization: `Bearer ${good}` } });
    const problem = (await response.json()) as { detail: string; instance: string };
    expect(response.status).toBe(500);
    expect(JSON.stringify(problem)).not.toMatch(/SELECT|hunter2/);
    const incident = problem.instance.replace('urn:uuid:', '');
    const logged = logLines.find((line) => line.includes(incident));
    expect(logged).toMatch(/postgres:\/\/admin:\*\*\*@db/);
    expect(logged).not.toMatch(/hunter2/);
  });

  it.each(['/health', '/health/live', '/health/ready'])('answers %s to anybody', async (path) => {
    const response = await fetch(`${url}${path}`);
    expect(await response.json()).toMatchObject({ status: 'ok', version: '0.0.0' });
  });

  it('tells metrics in the Prometheus format and its routes as OpenAPI', async () => {
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).not.toMatch(/argv|command_args/);
    const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(document.paths)).toEqual([
      '/api/v1/things',
      '/api/v1/things/{id}',
      '/api/v1/large',
      '/api/v1/broken',
    ]);
  });
});

@Controller()
class NakedController {
  @Get('/api/v1/naked')
  naked(): string {
    return 'everybody sees this';
  }
}

@Module({ controllers: [NakedController] })
class NakedModule {}

it('a host with a handler without a policy does not start', async () => {
  await expect(hostOf(NakedModule)).rejects.toThrow(RouteWithoutPolicy);
});
