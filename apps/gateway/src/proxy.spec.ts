import { createServer, request, type Server } from 'node:http';
import { createServer as createRawServer, type AddressInfo } from 'node:net';
import { defineRoute } from '@dsem/api';
import {
  apiKeyAuthenticator,
  createHost,
  createLogger,
  Input,
  mintKey,
  mintServiceToken,
  reply,
  Route,
  serviceTokenAuthenticator,
  type Host,
  type Incoming,
  type KeyRecord,
  type Reply,
} from '@dsem/service-host';
import { Controller, Module } from '@nestjs/common';
import { z } from 'zod';
import { proxyRoutes } from './proxy.js';

const answer = z.object({
  actor: z.string(),
  correlationId: z.string(),
  traceparent: z.string(),
  seen: z.looseObject({}),
});

const common = {
  service: 'registry',
  summary: 'x',
  tags: [],
  policy: { action: 'schema:register' },
  responses: { 200: answer },
} as const;

const testRoutes = {
  make: defineRoute({
    ...common,
    id: 'make',
    method: 'POST',
    path: '/api/v1/things/{id}',
    params: z.object({ id: z.string() }),
    query: z.object({ q: z.string().optional() }),
    body: z.strictObject({ name: z.string() }),
    idempotent: false,
  }),
  change: defineRoute({
    ...common,
    id: 'change',
    method: 'PUT',
    path: '/api/v1/things/{id}',
    params: z.object({ id: z.string() }),
    body: z.strictObject({ name: z.string() }),
    responses: { 204: null },
  }),
  each: defineRoute({
    ...common,
    service: 'each',
    id: 'each',
    method: 'GET',
    path: '/api/v1/services/{service}/things',
    params: z.object({ service: z.string() }),
  }),
  silent: defineRoute({ ...common, service: 'validator', id: 'silent', method: 'GET', path: '/api/v1/silent' }),
  garbled: defineRoute({ ...common, service: 'orchestrator', id: 'garbled', method: 'GET', path: '/api/v1/garbled' }),
  slow: defineRoute({ ...common, service: 'audit', id: 'slow', method: 'GET', path: '/api/v1/slow' }),
} as const;

@Controller()
class ThingController {
  @Route(testRoutes.make)
  make(@Input() { params, query, body, context }: Incoming<typeof testRoutes.make>): Reply<z.infer<typeof answer>> {
    const { actor, correlationId, traceparent } = context;
    return reply({ actor, correlationId, traceparent, seen: { ...params, ...query, ...body } }, { etag: 'v1' });
  }

  @Route(testRoutes.each)
  each(@Input() { params, context }: Incoming<typeof testRoutes.each>): z.infer<typeof answer> {
    const { actor, correlationId, traceparent } = context;
    return { actor, correlationId, traceparent, seen: params };
  }

  @Route(testRoutes.change)
  change(@Input() { ifMatch }: Incoming<typeof testRoutes.change>): Reply<undefined> {
    return reply(undefined, { headers: { 'x-if-match': ifMatch ?? '' } });
  }
}

@Module({ controllers: [ThingController] })
class ThingModule {}

@Module({})
class EmptyModule {}

const logger = createLogger({ name: 'test', level: 'silent' });
const logged: string[] = [];
const listening = createLogger({ name: 'gateway', destination: { write: (line) => void logged.push(line) } });
const tokenKey = new Uint8Array(32).fill(9);
const later = new Date(Date.now() + 86_400_000).toISOString();
const { text: key, hash } = mintKey('user', 'dev');
const { text: auditorKey, hash: auditorHash } = mintKey('user', 'aud');
const record = (id: string, role: 'developer' | 'auditor', secret: string): KeyRecord => ({
  principal: { id, kind: 'key', tenant: 'default', roles: [role] },
  expires: later,
  revoked: false,
  secrets: [{ hash: secret }],
});
const keys = new Map([
  ['dev', record('dev', 'developer', hash)],
  ['aud', record('aud', 'auditor', auditorHash)],
]);

describe('the proxy', () => {
  let backend: Host;
  let gateway: Host;
  let mute: Server;
  const garbling = createRawServer((socket) => socket.once('data', () => socket.end('password: hunter2\r\n\r\n')));
  let url: string;
  let backendUrl: string;

  beforeAll(async () => {
    const both = { services: [], logger, version: '0', routes: [] };
    const authenticator = serviceTokenAuthenticator('registry', tokenKey);
    backend = await createHost({ ...both, modules: [ThingModule], authenticator });
    backendUrl = await backend.listen(0);
    mute = createServer(() => undefined);
    await new Promise<void>((resolve) => void mute.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => void garbling.listen(0, '127.0.0.1', resolve));
    const addresses: Record<string, string> = {
      registry: backendUrl,
      validator: 'http://gateway:hunter2@127.0.0.1:1',
      orchestrator: `http://127.0.0.1:${(garbling.address() as AddressInfo).port}`,
      audit: `http://127.0.0.1:${(mute.address() as AddressInfo).port}`,
    };
    const outer = apiKeyAuthenticator((id) => Promise.resolve(keys.get(id)));
    gateway = await createHost({
      ...both,
      modules: [EmptyModule],
      authenticator: outer,
      configure: (server) =>
        proxyRoutes(server, {
          addressOf: (service) => addresses[service] ?? '',
          authenticator: outer,
          tokenKey,
          logger: listening,
          routes: Object.values(testRoutes),
          timeoutMs: 300,
        }),
    });
    url = await gateway.listen(0);
  });
  afterAll(async () => {
    await gateway.close();
    await backend.close();
    mute.closeAllConnections();
    mute.close();
    garbling.close();
  });

  const json = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('tells the service who asks, and passes trace, query, body and ETag', async () => {
    const response = await fetch(`${url}/api/v1/things/a%2Fb?q=x%20y`, {
      method: 'POST',
      headers: { ...json, 'x-correlation-id': 'c-7', traceparent },
      body: '{"name":"ä"}',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"v1"');
    expect(response.headers.get('x-correlation-id')).toBe('c-7');
    const seen = { id: 'a/b', q: 'x y', name: 'ä' };
    expect(await response.json()).toEqual({ actor: 'key:dev', correlationId: 'c-7', traceparent, seen });
  });

  it('passes If-Match and an answer without a body', async () => {
    const response = await fetch(`${url}/api/v1/things/a`, {
      method: 'PUT',
      headers: { ...json, 'if-match': '"v3"' },
      body: '{"name":"b"}',
    });
    expect([response.status, response.headers.get('x-if-match')]).toEqual([204, '"v3"']);
  });

  it('asks the service that the path names, where every service answers for its own', async () => {
    const ask = async (service: string) => {
      const response = await fetch(`${url}/api/v1/services/${service}/things`, { headers: json });
      const { code, seen } = (await response.json()) as { code?: string; seen?: unknown };
      return [response.status, code ?? seen];
    };
    expect(await ask('registry')).toEqual([200, { service: 'registry' }]);
    expect(await ask('validator')).toEqual([502, 'DSEM-9003']);
    for (const name of ['gateway', 'host', 'nowhere', 'constructor', 'registry%2f'])
      expect(await ask(name)).toEqual([400, 'DSEM-1003']);
  });

  it("passes a service's refusal on as it is", async () => {
    const response = await fetch(`${url}/api/v1/things/a`, { method: 'POST', headers: json, body: '{"name":1}' });
    expect(await response.json()).toMatchObject({ status: 422, code: 'DSEM-1002', errors: [{ path: 'body.name' }] });
  });

  it('lets a service refuse a parameter that it does not know', async () => {
    const response = await fetch(`${url}/api/v1/things/a?q=1&p=2`, {
      method: 'POST',
      headers: json,
      body: '{"name":"b"}',
    });
    const errors = [{ path: 'query.p', message: 'expected one of q' }];
    expect(await response.json()).toMatchObject({ status: 400, code: 'DSEM-1003', errors });
  });

  it('refuses a method that no service has there, and tells those that one has', async () => {
    const response = await fetch(`${url}/api/v1/things/a`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, PUT']);
    expect(await response.json()).toMatchObject({ code: 'DSEM-1016' });
  });

  it.each([
    ['nobody', {}, 401, 'DSEM-5101'],
    ['a role without the action', { authorization: `Bearer ${auditorKey}` }, 403, 'DSEM-5105'],
  ])('refuses %s before the service is asked', async (_, headers: Record<string, string>, status, code) => {
    const response = await fetch(`${url}/api/v1/things/a`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"name":"b"}',
    });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each([
    ['too large', `{"name":"${'a'.repeat(1024 * 1024)}"}`, 413, 'DSEM-1004'],
    ['too deep', `{"name":${'['.repeat(100)}`, 400, 'DSEM-1005'],
  ])('refuses a body that is %s itself', async (_, body, status, code) => {
    const response = await fetch(`${url}/api/v1/things/a`, { method: 'POST', headers: json, body });
    expect(await response.json()).toMatchObject({ status, code });
  });

  it.each([
    ['silent', 502, 'DSEM-9003', 'validator', { code: 'ECONNREFUSED' }],
    ['garbled', 502, 'DSEM-9003', 'orchestrator', { name: 'HTTPParserError' }],
    ['slow', 504, 'DSEM-9004', 'audit', { code: 'UND_ERR_HEADERS_TIMEOUT' }],
  ])('answers for a service that is %s, and logs why', async (name, status, code, service, reason) => {
    logged.splice(0);
    const response = await fetch(`${url}/api/v1/${name}`, { headers: { ...json, 'x-correlation-id': `c-${name}` } });
    const problem = (await response.json()) as object;
    expect(problem).toMatchObject({ status, code });
    expect(JSON.stringify(problem)).not.toMatch(/127\.0\.0\.1|ECONN|HPE_/);
    const [line, ...more] = logged;
    expect(more).toEqual([]);
    const told = { level: 40, code, service, route: name, correlationId: `c-${name}`, reason };
    expect(JSON.parse(line ?? '')).toMatchObject(told);
    expect(line).not.toMatch(/hunter2|dsem_user|eyJ/);
  });

  /** Sends the request target as it is, which `fetch` would put in order. */
  const sendRaw = (path: string): Promise<{ status?: number | undefined; body: unknown }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const outgoing = request({ hostname, port, method: 'POST', path, headers: json }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: incoming.statusCode, body: text === '' ? {} : (JSON.parse(text) as unknown) });
        });
      });
      outgoing.once('error', reject);
      outgoing.end('{"name":"b"}');
    });

  it('asks its own service, whichever host the request line names', async () => {
    let asked = 0;
    mute.on('request', () => asked++);
    const { port } = mute.address() as AddressInfo;
    const answered = await sendRaw(`http://127.0.0.1:${port}/api/v1/things/a?q=b`);
    expect([answered, asked]).toEqual([
      { status: 200, body: expect.objectContaining({ seen: { id: 'a', q: 'b', name: 'b' } }) as unknown },
      0,
    ]);
  });

  it.each(['%2e%2e', '..', '.', '%2E', '.%2e'])('lets no id be the step %s to another address', async (step) => {
    const { status, body } = await sendRaw(`/api/v1/things/${step}`);
    expect([status, body]).toMatchObject([400, { code: 'DSEM-1015' }]);
  });

  const principal = { id: 'x', kind: 'key', tenant: 'default', roles: ['developer'] } as const;
  it.each([
    ['an API key', () => key, 'DSEM-5101'],
    ['a token for another service', () => mintServiceToken(principal, 'audit', tokenKey), 'DSEM-5107'],
    ['a token of another key', () => mintServiceToken(principal, 'registry', new Uint8Array(32).fill(1)), 'DSEM-5107'],
  ])('a service refuses %s', async (_, token, code) => {
    const headers = { ...json, authorization: `Bearer ${await token()}` };
    const response = await fetch(`${backendUrl}/api/v1/things/a`, { method: 'POST', headers, body: '{"name":"b"}' });
    expect(await response.json()).toMatchObject({ status: 401, code });
  });
});
