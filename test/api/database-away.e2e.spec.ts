import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ifMatchOf, routes, type RouteSpec } from '@dsem/api';
import type { Principal } from '@dsem/authz';
import { mintServiceToken } from '@dsem/service-host';
import { describeWithServer, server, type PostgresServer } from '@dsem/testkit';
import { bodies, seed, settled, shop, type Seeds } from './samples.js';
import { eventually, openWorld, type Answer, type World } from './world.js';

const all: readonly RouteSpec[] = Object.values(routes);
const guarded = all.filter(({ policy, service }) => 'action' in policy && service !== 'host');

/** What is answered without the database: who asks stands in the token, and two schemas of a body are only compared. */
const without = new Set(['me', 'validateCompatibility']);

describeWithServer('postgresql', 'a database that is away', () => {
  let postgres: PostgresServer;
  let world: World;
  let seeds: Seeds;

  beforeAll(async () => {
    postgres = await server('postgresql', { own: true });
    world = await openWorld(postgres);
    seeds = await seed(world);
    await settled(world);
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  const queries: Readonly<Record<string, (digest: string) => string>> = {
    compatibilityMatrix: () => '?schema=shop',
    compatibilityVerdict: (digest) => `?schema=shop&version=1.0.0&from=${digest}`,
  };
  const pathOf = ({ path, id }: RouteSpec): string => {
    const ids = { schemas: 'shop', environments: 'dev', keys: seeds.key, services: '1', consumers: 'billing' };
    const own = Object.entries(ids).find(([place]) => path.includes(`/${place}/`))?.[1] ?? seeds.migration;
    const known: Record<string, string> = {
      digest: seeds.digest,
      hash: seeds.plan,
      id: own,
      version: '1.0.0',
      service: 'registry',
    };
    const query = queries[id]?.(seeds.digest) ?? '';
    return path.replace(/\{([^}]+)\}/g, (_, name: string) => known[name] ?? '') + query;
  };
  const ask = (route: RouteSpec, key: string): Promise<Answer> =>
    world.call(route.method, pathOf(route), {
      key,
      ...(bodies[route.id] === undefined ? {} : { body: bodies[route.id] }),
      headers: ifMatchOf(route) === 'none' ? {} : { 'if-match': '*' },
    });

  /** Somebody whose word the services take from the gateway, so that their own reads and writes are what fails. */
  const vouched = async (): Promise<string> => {
    const file = join(dirname(world.standalone.administratorKeyFile), 'token.key');
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    const principal: Principal = { id: 'ada', kind: 'key', tenant: 'default', roles: ['administrator', 'agent'] };
    return mintServiceToken(principal, 'registry', key);
  };

  const said = ({ status, headers, body }: Answer): string =>
    [status, body['code'], headers['content-type'], headers['retry-after']].map(String).join(' ');
  const away = '503 DSEM-9006 application/problem+json; charset=utf-8 2';

  it('is told as that by every read and write of every service, and passes without a restart', async () => {
    const token = await vouched();
    await postgres.stop();
    const answers = await Promise.all(guarded.map(async (route) => [route.id, said(await ask(route, token))] as const));
    const named = answers.map(([id]) => id).filter((id) => !without.has(id));
    expect(Object.fromEntries(answers.filter(([id]) => !without.has(id)))).toEqual(
      Object.fromEntries(named.map((id) => [id, away])),
    );
    expect(said(await world.call('GET', '/api/v1/schemas'))).toBe(away);
    const once = {
      body: { name: 'late', database: 'postgresql', definition: shop },
      headers: { 'idempotency-key': 'k' },
    };
    expect(said(await world.call('POST', '/api/v1/schemas', once))).toBe(away);

    await postgres.start();
    await eventually('an answer', async () => {
      const { status } = await world.call('GET', '/api/v1/schemas');
      return status === 200 ? true : undefined;
    });
    const made = await world.call('POST', '/api/v1/schemas', once);
    const again = await world.call('POST', '/api/v1/schemas', once);
    expect([made.status, again.status, again.headers['idempotent-replayed']]).toEqual([201, 201, 'true']);
    const reads = guarded.filter(({ method }) => method === 'GET');
    const after = await Promise.all(reads.map(async (route) => (await ask(route, await vouched())).status));
    expect(after.filter((status) => status >= 500)).toEqual([]);
    expect(world.logged.filter((line) => line.includes('DSEM-9001'))).toEqual([]);
  }, 240_000);
});
