import {
  defaultBodyBytes,
  defaultStatus,
  ifMatchOf,
  isIdempotent,
  roleSchema,
  routes,
  type Role,
  type RouteSpec,
} from '@dsem/api';
import { can, mayEver } from '@dsem/authz';
import { mintKey } from '@dsem/service-host';
import { describeWithServer } from '@dsem/testkit';
import { bodies, seed, settled, shop, type Seeds } from './samples.js';
import { eventually, openWorld, type Answer, type Ask, type World } from './world.js';

const all: readonly RouteSpec[] = Object.values(routes);
const guarded = all.filter(({ policy }) => 'action' in policy);
const withBody = guarded.filter(({ body }) => body !== undefined);
const named = (some: readonly RouteSpec[]): [string, RouteSpec][] => some.map((route) => [route.id, route]);

const zeros = `sha256:${'0'.repeat(64)}`;
const unknown: Record<string, string> = {
  id: 'nothing0',
  digest: zeros,
  hash: zeros,
  version: '9.9.9',
  service: 'registry',
};
const pathOf = ({ path }: RouteSpec, params: Record<string, string> = unknown): string =>
  path.replace(/\{([^}]+)\}/g, (_, name: string) => params[name] ?? unknown[name] ?? '');

const query: Record<string, string> = {
  compatibilityMatrix: '?schema=nothing0',
  compatibilityVerdict: `?schema=nothing0&version=9.9.9&from=${zeros}`,
};
const matching = (route: RouteSpec): Record<string, string> => (ifMatchOf(route) === 'none' ? {} : { 'if-match': '*' });

const nested = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describeWithServer('postgresql', 'bad input', () => {
  let world: World;
  let seeds: Seeds;
  let before: Readonly<Record<string, number>>;
  /** What was answered otherwise than expected in the test at hand. */
  let wrong: string[];

  beforeAll(async () => {
    world = await openWorld();
    seeds = await seed(world);
    await settled(world);
    before = await world.events();
  }, 120_000);
  afterAll(() => world.close(), 60_000);

  beforeEach(() => (wrong = []));
  const nothingChanged = async (): Promise<void> => {
    const was = before;
    before = await world.events();
    expect(wrong).toEqual([]);
    expect(before).toEqual(was);
  };

  const ask = (route: RouteSpec, more: Ask = {}, path = pathOf(route) + (query[route.id] ?? '')): Promise<Answer> =>
    world.call(route.method, path, { ...more, headers: { ...matching(route), ...more.headers } });

  /** Refused with one of these statuses and codes, as a problem document that says so. */
  const refused = (what: string, answer: Answer, ...expected: readonly (readonly [number, string])[]): void => {
    const { status, headers, body, text } = answer;
    const said = `${status} ${String(body['code'])}`;
    const right = expected.some(([wanted, code]) => said === `${wanted} ${code}`);
    const problem = String(headers['content-type']).startsWith('application/problem+json') && body['status'] === status;
    const helps = typeof body['title'] === 'string' && typeof body['fix'] === 'string';
    if (!right || !problem || !helps)
      wrong.push(
        `${what}: wanted ${expected.map((each) => each.join(' ')).join(' or ')}, got ${said} ${text.slice(0, 300)}`,
      );
  };

  describe('who asks', () => {
    it('refuses every guarded route to nobody, to mistyped, unknown and revoked keys', async () => {
      const { body } = await world.call('POST', '/api/v1/keys', { body: { name: 'gone', roles: ['administrator'] } });
      await world.done(204, 'DELETE', `/api/v1/keys/${String(body['id'])}`);
      before = await world.events();
      const gone = String(body['secret']);
      const callers: [string, string, number, string][] = [
        ['nobody', '', 401, 'DSEM-5101'],
        ['mistyped', `${world.administrator.slice(0, -1)}x`, 401, 'DSEM-5102'],
        ['unknown', mintKey('user', 'nobody').text, 401, 'DSEM-5102'],
        ['forged', mintKey('user', seeds.key).text, 401, 'DSEM-5102'],
        ['revoked', gone, 401, 'DSEM-5104'],
        ['a foreign token', 'eyJhbGciOiJub25lIn0.e30.', 401, 'DSEM-5101'],
      ];
      for (const route of guarded)
        for (const [who, key, status, code] of callers)
          refused(`${route.id} by ${who}`, await ask(route, { key, body: bodies[route.id] }), [status, code]);
      await nothingChanged();
    }, 120_000);

    /** Refused or found wanting, never done: nothing of that name exists, or the body is not one. */
    const harmless = (route: RouteSpec, key: string): Promise<Answer> =>
      ask(route, { key, ...(route.method === 'POST' ? { body: { surprise: 1 } } : { body: bodies[route.id] }) });

    it.each(roleSchema.options)('lets %s do what its role may do, and nothing else', async (role: Role) => {
      const principal = { id: role, kind: 'key', tenant: 'default', roles: [role] } as const;
      for (const route of guarded.filter(({ id }) => id !== 'exportAudit')) {
        const allowed = 'action' in route.policy && mayEver(principal, route.policy.action);
        const answer = await harmless(route, world.keys[role]);
        const everywhere = 'action' in route.policy && can(principal, route.policy.action);
        if (!allowed) refused(`${route.id} by ${role}`, answer, [403, 'DSEM-5105']);
        else if (answer.status === 401 || (answer.status === 403 && everywhere) || answer.status >= 500)
          wrong.push(`${route.id} by ${role}: ${answer.status} ${answer.text}`);
      }
      await nothingChanged();
    });

    describe('where', () => {
      const scoped: Record<string, string> = {};
      beforeAll(async () => {
        const wishes = { operator: { environments: ['dev'] }, approver: { environments: ['dev'] }, developer: {} };
        for (const [role, more] of Object.entries(wishes)) {
          const { secret } = await world.done(201, 'POST', '/api/v1/keys', {
            body: { name: role, roles: [role], ...more },
          });
          scoped[role] = String(secret);
        }
        scoped['agent'] = world.keys.agent;
        before = await world.events();
      });

      /** What a role may do in development, or a key in its own environment, and in production not. */
      const bounded: [string, string, string, string][] = [
        ['agent', 'GET', '/api/v1/environments/prod', 'getEnvironment'],
        ['agent', 'GET', '/api/v1/environments/prod/health', 'environmentHealth'],
        ['developer', 'POST', '/api/v1/environments/prod/sync', 'syncEnvironment'],
        ['operator', 'GET', '/api/v1/environments/prod', 'getEnvironment'],
        ['operator', 'PATCH', '/api/v1/environments/prod', 'changeEnvironmentPolicy'],
        ['operator', 'DELETE', '/api/v1/environments/prod', 'retireEnvironment'],
        ['operator', 'POST', '/api/v1/environments/prod/sync', 'syncEnvironment'],
        ['operator', 'POST', '/api/v1/environments/prod/close-breaker', 'closeBreaker'],
        ['operator', 'POST', '/api/v1/environments', 'addEnvironment'],
        ...['plan', 'execute', 'rollback', 'pause', 'resume'].map((verb): [string, string, string, string] => [
          'developer',
          'POST',
          verb,
          `${verb}Migration`.replace('planM', 'replanM'),
        ]),
        ...['plan', 'execute', 'rollback', 'pause', 'resume', 'cancel'].map(
          (verb): [string, string, string, string] => [
            'operator',
            'POST',
            verb,
            `${verb}Migration`.replace('planM', 'replanM'),
          ],
        ),
        ...['retry', 'resolve', 'abandon'].map((verb): [string, string, string, string] => [
          'operator',
          'POST',
          verb,
          `${verb}Target`,
        ]),
        ...['approve', 'reject'].map((verb): [string, string, string, string] => [
          'approver',
          'POST',
          verb,
          `${verb}Migration`,
        ]),
      ];
      it.each(bounded)('keeps %s out of production: %s %s', async (who, method, path, id) => {
        const sample = bodies[id];
        const body =
          sample === undefined
            ? undefined
            : {
                ...sample,
                ...('environment' in sample ? { environment: 'prod' } : {}),
                ...(id === 'rollbackMigration' ? { environments: ['prod'] } : {}),
              };
        const address = path.startsWith('/') ? path : `/api/v1/migrations/${seeds.migration}/${path}`;
        refused(id, await world.call(method, address, { key: scoped[who], body, headers: { 'if-match': '*' } }), [
          403,
          'DSEM-5105',
        ]);
        await nothingChanged();
      });

      it('keeps a key of one environment out of what a body names', async () => {
        const body = { schema: 'shop', environments: ['dev', 'prod'] };
        for (const path of ['/api/v1/migrations', '/api/v1/validation/pre-flight'])
          refused(path, await world.call('POST', path, { key: scoped['operator'], body }), [403, 'DSEM-5105']);
        await nothingChanged();
      });

      it.each(['agent', 'operator'])('shows %s its own environment only', async (who) => {
        const { items } = await world.done(200, 'GET', '/api/v1/environments', { key: scoped[who] });
        expect((items as { id: string }[]).map(({ id }) => id)).toEqual(['dev']);
        await world.done(200, 'GET', '/api/v1/environments/dev', { key: scoped[who] });
      });

      it.each(['agent', 'operator'])('shows %s the migrations and plans of its own environment only', async (who) => {
        const key = scoped[who];
        const schema = { name: `own-${who}`, database: 'postgresql', definition: `CREATE TABLE ${who} (id integer);` };
        await world.done(201, 'POST', '/api/v1/schemas', { body: schema });
        const wish = { schema: schema.name, environments: ['dev'] };
        const id = String((await world.done(201, 'POST', '/api/v1/migrations', { body: wish }))['id']);
        const plan = await eventually('planning', async () => {
          const { plans } = await world.done(200, 'GET', `/api/v1/migrations/${id}`);
          return (plans as { hash: string }[])[0]?.hash;
        });
        await settled(world);
        before = await world.events();
        const addresses = (migration: string, hash: string): string[] => [
          `/api/v1/migrations/${migration}`,
          `/api/v1/migrations/${migration}/status`,
          `/api/v1/plans/${hash}`,
        ];
        for (const path of addresses(seeds.migration, seeds.plan)) {
          refused(path, await world.call('GET', path, { key }), [403, 'DSEM-5105']);
          await world.done(200, 'GET', path);
        }
        for (const path of addresses(id, plan)) await world.done(200, 'GET', path, { key });
        const { items } = await world.done(200, 'GET', '/api/v1/migrations', { key });
        const listed = (items as { id: string }[]).map(({ id }) => id);
        expect(listed).toContain(id);
        expect(listed).not.toContain(seeds.migration);
        const sum = async (more: Ask): Promise<number> => {
          const { counts } = await world.done(200, 'GET', '/api/v1/migrations/status', more);
          return Object.values(counts as Record<string, number>).reduce((a, b) => a + b, 0);
        };
        expect(await sum({ key })).toBe(listed.length);
        expect(await sum({})).toBeGreaterThan(listed.length);
        await nothingChanged();
      });
    });

    it('opens the routes of health to everybody', async () => {
      for (const route of all.filter(({ policy }) => 'public' in policy))
        expect([route.id, (await world.call(route.method, route.path, { key: '' })).status]).toEqual([route.id, 200]);
    });
  });

  describe('bodies', () => {
    const large = (route: RouteSpec): string => `{"a":"${'x'.repeat(route.maxBodyBytes ?? defaultBodyBytes)}"}`;
    const raw: [string, (route: RouteSpec) => string | Buffer, number, string][] = [
      ['no JSON', () => '{"name":', 400, 'DSEM-1001'],
      ['two values', () => '{} {}', 400, 'DSEM-1001'],
      ['NaN', () => '{"a":NaN}', 400, 'DSEM-1001'],
      ['bytes that are not UTF-8', () => Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'DSEM-1001'],
      ['half of a character', () => '{"a":"\\ud800"}', 400, 'DSEM-1001'],
      ['half of a character as a key', () => '{"\\udc00":1}', 400, 'DSEM-1001'],
      ['an array', () => '[]', 422, 'DSEM-1002'],
      ['a text', () => '"name"', 422, 'DSEM-1002'],
      ['a number', () => '1', 422, 'DSEM-1002'],
      ['null', () => 'null', 422, 'DSEM-1002'],
      ['200,000 levels', () => nested(200_000), 400, 'DSEM-1005'],
      ['65 levels', () => nested(65), 400, 'DSEM-1005'],
      ['200,000 open brackets', () => '['.repeat(200_000), 400, 'DSEM-1005'],
      ['__proto__', () => '{"__proto__":{"x":1}}', 400, 'DSEM-1006'],
      ['a repeated key', () => '{"name":"a","name":"b"}', 400, 'DSEM-1006'],
      ['a NUL', () => '{"name":"a\\u0000"}', 400, 'DSEM-1008'],
      ['too many bytes', large, 413, 'DSEM-1004'],
    ];

    it.each(named(withBody))('%s refuses what is no body of its shape', async (_, route) => {
      for (const [what, make, status, code] of raw) {
        const answer = await ask(route, { raw: make(route) }).catch((error: Error) => error);
        // A server may close the connection on a body that is far too large, before it is sent.
        if (answer instanceof Error) wrong.push(`${what}: ${answer.message}`);
        else refused(what, answer, [status, code]);
      }
      await nothingChanged();
    });

    it.each(named(withBody))('%s refuses other content types', async (_, route) => {
      const raw = JSON.stringify(bodies[route.id]);
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'x',
      ])
        refused(type, await ask(route, { raw, headers: { 'content-type': type } }), [415, 'DSEM-1007']);
      await nothingChanged();
    });

    it.each(named(withBody))('%s refuses missing, unknown and wrong fields', async (_, route) => {
      const good = bodies[route.id] ?? {};
      expect(route.body?.safeParse(good).success).toBe(true);
      const shape = [422, 'DSEM-1002'] as const;
      if (route.body?.safeParse({}).success === false) {
        refused('no body', await ask(route), shape);
        refused('null', await ask(route, { raw: 'null' }), shape);
        refused('nothing in it', await ask(route, { body: {} }), shape);
      }
      refused('a surprise', await ask(route, { body: { ...good, surprise: 1 } }), shape);
      for (const field of Object.keys(good))
        for (const value of [null, 12.5, true, [[]], { a: [1] }, '']) {
          const body = { ...good, [field]: value };
          if (route.body?.safeParse(body).success === true) continue;
          refused(`${field}: ${JSON.stringify(value)}`, await ask(route, { body }), shape);
        }
      await nothingChanged();
    });

    const hostile = [
      "o'hara",
      'a"b',
      'a;b',
      '..',
      '.',
      'a/b',
      'ünïcode',
      '名',
      'a b',
      ' a',
      'a\n',
      '-a',
      'x'.repeat(101),
      '‮a',
    ];
    it('takes no hostile name anywhere', async () => {
      for (const route of withBody)
        for (const field of ['name', 'schema', 'environment'].filter((each) => each in (bodies[route.id] ?? {})))
          for (const name of hostile) {
            const body = { ...bodies[route.id], [field]: name };
            if (route.id === 'issueKey') continue;
            refused(`${route.id} ${field} ${name}`, await ask(route, { body }), [422, 'DSEM-1002']);
          }
      await nothingChanged();
    });
  });

  describe('addresses', () => {
    const hostile = [
      "o'hara",
      'a"b',
      '%22',
      '..',
      '%2e%2e',
      '%2e%2e%2f%2e%2e',
      'a%2fb',
      '%c3%bc',
      '%ff',
      '%zz',
      '%',
      '%20',
      '%0a',
      'x'.repeat(101),
    ];
    const more = ['x'.repeat(501), "'%20OR%201=1--", '%F0%9F%92%A5', '-', '*', '{id}'];
    it.each(named(guarded.filter(({ params }) => params !== undefined)))(
      '%s refuses hostile names',
      async (_, route) => {
        const names = Object.keys(route.params?.shape ?? {});
        for (const name of names)
          for (const value of [...hostile, ...more]) {
            const answer = await ask(route, { body: bodies[route.id] }, pathOf(route, { ...unknown, [name]: value }));
            const codes: [number, string][] = [
              [400, 'DSEM-1003'],
              [400, 'DSEM-1015'],
              [404, 'DSEM-1009'],
              [404, 'DSEM-4001'],
            ];
            refused(`${name} ${value}`, answer, ...codes);
          }
        refused(
          'NUL',
          await ask(route, { body: bodies[route.id] }, pathOf(route, { ...unknown, [names[0] ?? '']: 'a%00' })),
          [400, 'DSEM-1008'],
        );
        await nothingChanged();
      },
    );

    it.each(named(guarded.filter(({ params }) => params !== undefined)))(
      '%s does not find what is not there',
      async (_, route) => {
        const known = Object.keys(route.params?.shape ?? {}).join() === 'service' && route.body === undefined;
        const path = pathOf(route, known ? { service: 'nothing0' } : unknown);
        const wanted = known ? ([400, 'DSEM-1003'] as const) : ([404, 'DSEM-4001'] as const);
        refused('unknown', await ask(route, { body: bodies[route.id] }, path + (query[route.id] ?? '')), wanted);
        await nothingChanged();
      },
    );

    it('does not find what a body names and is not there', async () => {
      const missing: [string, Ask][] = [
        ['createMigration', { body: { schema: 'nothing0', environments: ['dev'] } }],
        ['createMigration', { body: { schema: 'shop', environments: ['nothing0'] } }],
        ['createMigration', { body: { schema: 'shop', version: '9.9.9', environments: ['dev'] } }],
        ['preflight', { body: { schema: 'nothing0', environments: ['dev'] } }],
        ['validateCompatibility', { body: { schema: 'nothing0', newSchema: shop } }],
      ];
      for (const [id, more] of missing) {
        const route = all.find((each) => each.id === id);
        if (route !== undefined)
          refused(`${id} ${JSON.stringify(more.body)}`, await ask(route, more), [404, 'DSEM-4001']);
      }
      refused('matrix', await world.call('GET', '/api/v1/compatibility/matrix?schema=nothing0'), [404, 'DSEM-4001']);
      await nothingChanged();
    }, 60_000);

    it.each(['/', '/api/v1', '/api/v2/schemas', '//api/v1/schemas', '/api/v1/schemas/shop/', '/API/V1/SCHEMAS'])(
      'has nothing at %s',
      async (path) => {
        for (const method of ['GET', 'PUT']) refused(method, await world.call(method, path), [404, 'DSEM-1009']);
      },
    );

    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
    const takes = (route: RouteSpec, path: string): boolean =>
      new RegExp(`^${route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
    it.each(named(all))('%s stands where other methods are refused and the declared ones told', async (_, route) => {
      const path = pathOf(route);
      const declared = new Set(all.filter((each) => takes(each, path)).map(({ method }): string => method));
      for (const method of methods.filter((each) => !declared.has(each))) {
        const answer = await world.call(method, path, { key: '' });
        refused(method, answer, [405, 'DSEM-1016']);
        const allowed = String(answer.headers['allow']).split(', ');
        expect(allowed.filter((each) => each !== 'HEAD')).toEqual([...declared].sort());
      }
      await nothingChanged();
    });
  });

  describe('queries', () => {
    const listing = guarded.filter((route) => route.query !== undefined && 'limit' in route.query.shape);
    const existing: Record<string, string> = { listVersions: '/api/v1/schemas/shop/versions' };
    const code = Buffer.from('\0').toString('base64url');
    const letters = Buffer.from('abc').toString('base64url');
    const huge = Buffer.from('9'.repeat(40)).toString('base64url');
    const asking = guarded.filter((route) => route.query !== undefined);
    it.each(named(asking))('%s says which of its parameters was given twice', async (id, route) => {
      for (const name of Object.keys(route.query?.shape ?? {})) {
        const answer = await world.call(route.method, `${existing[id] ?? pathOf(route)}?${name}=5&${name}=6`);
        refused(name, answer, [400, 'DSEM-1003']);
        expect(answer.body['errors']).toEqual([{ path: `query.${name}`, message: 'given twice; give it once' }]);
      }
    });

    it.each(named(listing))('%s refuses limits and cursors that are none', async (id, route) => {
      const path = existing[id] ?? pathOf(route);
      for (const limit of ['0', '-1', '10000', '1.5', 'many', '', '1e999', '1&limit=2'])
        refused(`limit ${limit}`, await world.call('GET', `${path}?limit=${limit}`), [400, 'DSEM-1003']);
      for (const cursor of ['!', '', 'YQ==', '%00', code, 'x'.repeat(501), 'a&cursor=b'])
        refused(
          `cursor ${cursor}`,
          await world.call('GET', `${path}?cursor=${cursor}`),
          [400, 'DSEM-1003'],
          [400, 'DSEM-1013'],
          [400, 'DSEM-1008'],
        );
      for (const cursor of [letters, huge]) {
        const answer = await world.call('GET', `${path}?cursor=${cursor}`);
        if (answer.status !== 200) refused(`cursor ${cursor}`, answer, [400, 'DSEM-1013']);
      }
      await nothingChanged();
    });

    it.each([
      '/api/v1/schemas?database=foxpro',
      '/api/v1/schemas?search=%00',
      '/api/v1/schemas?search=a&search=b',
      `/api/v1/schemas?owner=${'x'.repeat(101)}`,
      '/api/v1/migrations?status=well',
      '/api/v1/migrations?schema=a%27b',
      '/api/v1/environments?type=moon',
      '/api/v1/validation/reports?compatible=maybe',
      '/api/v1/compatibility/matrix',
      '/api/v1/compatibility/matrix?schema=shop&versions=1000',
      '/api/v1/compatibility/matrix?schema=shop&mode=sideways',
      `/api/v1/audit/entries?stream=${'x'.repeat(401)}`,
    ])('refuses GET %s', async (path) => {
      refused(path, await world.call('GET', path), [400, 'DSEM-1003'], [400, 'DSEM-1008']);
      await nothingChanged();
    });

    it.each(named(all))('%s refuses a parameter that it does not declare', async (id, route) => {
      const path = pathOf(route) + (query[id] ?? '');
      const answer = await ask(route, { body: bodies[id] }, `${path}${path.includes('?') ? '&' : '?'}lmit=1`);
      refused('lmit', answer, [400, 'DSEM-1003']);
      expect(answer.body['detail']).toContain('query.lmit');
      await nothingChanged();
    });

    it.each(['%25', '_', '%5C', "'", '%22', '%F0%9F%92%A5', '%00'.slice(3), '%E2%80%AE'])(
      'searches for %s as a text',
      async (text) => {
        const all = (await world.done(200, 'GET', '/api/v1/schemas'))['items'];
        const { items } = await world.done(200, 'GET', `/api/v1/schemas?search=${text}`);
        expect(items).toEqual(text === '' ? all : []);
      },
    );
  });

  describe('conditions', () => {
    const conditional = guarded.filter((route) => ifMatchOf(route) === 'required');
    it.each(named(conditional))('%s asks for the state that was read, and refuses another', async (id, route) => {
      const path = pathOf(route, { id: route.path.includes('schemas') ? 'shop' : 'dev' });
      const body = bodies[id];
      refused('missing', await world.call(route.method, path, { body }), [428, 'DSEM-1010']);
      for (const tag of ['"0"', '"999"', 'W/"1"', 'x', '""', "'"])
        refused(tag, await world.call(route.method, path, { body, headers: { 'if-match': tag } }), [412, 'DSEM-4004']);
      await nothingChanged();
    });

    it('refuses to revoke a key whose state has changed', async () => {
      const path = `/api/v1/keys/${seeds.key}`;
      refused('stale', await world.call('DELETE', path, { headers: { 'if-match': '"9"' } }), [412, 'DSEM-4004']);
      await nothingChanged();
    });

    it('refuses commands that the state does not allow', async () => {
      const path = `/api/v1/migrations/${seeds.migration}`;
      for (const [verb, id] of [
        ['rollback', 'rollbackMigration'],
        ['pause', 'pauseMigration'],
        ['resume', 'resumeMigration'],
        ['retry', 'retryTarget'],
        ['resolve', 'resolveTarget'],
        ['abandon', 'abandonTarget'],
      ] as const)
        refused(
          verb,
          await world.call('POST', `${path}/${verb}`, {
            body: {
              ...bodies[id],
              ...('environment' in (bodies[id] ?? {}) ? { environment: 'prod' } : {}),
              ...('environments' in (bodies[id] ?? {}) ? { environments: ['prod'] } : {}),
            },
          }),
          [409, 'DSEM-4003'],
        );
      refused('execute', await world.call('POST', `${path}/execute`, { body: {} }), [409, 'DSEM-4007']);
      refused(
        'approve another plan',
        await world.call('POST', `${path}/approve`, { body: { plans: [zeros] }, key: world.keys.approver }),
        [409, 'DSEM-4007'],
        [409, 'DSEM-4003'],
      );
      refused(
        'the author approves',
        await world.call('POST', `${path}/approve`, { body: {} }),
        [403, 'DSEM-5106'],
        [403, 'DSEM-5105'],
      );
      await nothingChanged();
    });
  });

  describe('idempotency keys', () => {
    const keyed = guarded.filter(isIdempotent);
    it.each(named(keyed))('%s refuses keys that are none', async (_, route) => {
      for (const key of ['', 'a b', 'ä', 'x'.repeat(256)])
        refused(
          key,
          await ask(route, {
            body: bodies[route.id],
            headers: { 'idempotency-key': Buffer.from(key).toString('latin1') },
          }),
          [400, 'DSEM-1012'],
        );
      await nothingChanged();
    });

    const repeatable: [string, string, Record<string, unknown>, Record<string, unknown>][] = [
      [
        'registerSchema',
        '/api/v1/schemas',
        { name: 'twice', database: 'postgresql', definition: shop },
        { name: 'twice', database: 'postgresql', definition: shop, reason: 'x' },
      ],
      [
        'declareConsumer',
        '/api/v1/consumers',
        { name: 'twice', schema: 'shop' },
        { name: 'twice', schema: 'shop', reads: ['a'] },
      ],
      [
        'addEnvironment',
        '/api/v1/environments',
        { name: 'twice', type: 'staging', database: 'postgresql' },
        { name: 'twice', type: 'development', database: 'postgresql' },
      ],
      [
        'createMigration',
        '/api/v1/migrations',
        { schema: 'shop', environments: ['prod'] },
        { schema: 'shop', environments: ['dev'] },
      ],
      ['retireConsumer', '/api/v1/consumers/billing/retire', {}, { reason: 'x' }],
    ];
    it.each(repeatable)(
      '%s is done once, however often it is asked with one key',
      async (id, path, body, other) => {
        const headers = { 'idempotency-key': `once-${id}` };
        const first = await world.call('POST', path, { body, headers });
        expect(first.status).toBeLessThan(300);
        await settled(world);
        const after = await world.events();
        const again = await world.call('POST', path, { body, headers });
        expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([
          first.status,
          first.text,
          'true',
        ]);
        expect([again.headers['etag'], again.headers['location']]).toEqual([
          first.headers['etag'],
          first.headers['location'],
        ]);
        refused('another body', await world.call('POST', path, { body: other, headers }), [422, 'DSEM-1011']);
        before = after;
        await nothingChanged();
      },
      60_000,
    );

    it.each([
      ['approve', 'approver', {}, { comment: 'x' }],
      ['cancel', 'administrator', {}, { why: 'x' }],
    ] as const)(
      '%s is done once, however often it is asked with one key',
      async (verb, role, body, other) => {
        const path = `/api/v1/migrations/${seeds.migration}/${verb}`;
        const ask = { key: world.keys[role], headers: { 'idempotency-key': `once-${verb}` } };
        const first = await world.call('POST', path, { ...ask, body });
        expect([first.status, first.text.slice(0, 300)]).toEqual([200, first.text.slice(0, 300)]);
        await settled(world);
        before = await world.events();
        const again = await world.call('POST', path, { ...ask, body });
        expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([200, first.text, 'true']);
        refused('another body', await world.call('POST', path, { ...ask, body: other }), [422, 'DSEM-1011']);
        await nothingChanged();
      },
      60_000,
    );

    it.each([
      ['sync', { schema: 'shop' }, { schema: 'shop', version: '1.0.0' }, 202],
      ['close-breaker', { reason: 'mended' }, { reason: 'x' }, 200],
    ] as const)(
      '%s of an environment is done once, however often it is asked with one key',
      async (verb, body, other, status) => {
        const path = `/api/v1/environments/dev/${verb}`;
        const headers = { 'idempotency-key': `once-${verb}` };
        const first = await world.call('POST', path, { body, headers });
        expect(first.status).toBe(status);
        await settled(world);
        before = await world.events();
        expect((await world.call('POST', path, { body, headers })).text).toBe(first.text);
        refused('another body', await world.call('POST', path, { body: other, headers }), [422, 'DSEM-1011']);
        await nothingChanged();
      },
      60_000,
    );

    it('forgets the key of a request that was refused', async () => {
      const headers = { 'idempotency-key': 'second-try' };
      const body = { name: 'later', database: 'postgresql', definition: 'CREATE TABLE' };
      refused('broken', await world.call('POST', '/api/v1/schemas', { body, headers }), [422, 'DSEM-2001']);
      await nothingChanged();
      await world.done(201, 'POST', '/api/v1/schemas', { body: { ...body, definition: shop }, headers });
      await settled(world);
      before = await world.events();
    }, 60_000);

    it('refuses one key for two routes of a service', async () => {
      const headers = { 'idempotency-key': 'two-routes' };
      await world.done(200, 'POST', '/api/v1/schemas', {
        body: { name: 'shop', database: 'postgresql', definition: shop },
        headers,
      });
      const other = await world.call('POST', '/api/v1/consumers', { body: bodies['declareConsumer'], headers });
      refused('another route', other, [422, 'DSEM-1011']);
      await nothingChanged();
    });

    it('does one of many requests with one key that come at once', async () => {
      const body = { name: 'racing', database: 'postgresql', definition: shop };
      const headers = { 'idempotency-key': 'race' };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => world.call('POST', '/api/v1/schemas', { body, headers })),
      );
      for (const answer of answers.filter(({ status }) => status !== 201))
        refused('racing', answer, [409, 'DSEM-4005']);
      expect(answers.some(({ status }) => status === 201)).toBe(true);
      const stored = await world.pool.query(`SELECT 1 FROM registry.events WHERE stream_id = 'subject-racing'`);
      expect(stored.rowCount).toBe(2);
      await settled(world);
      before = await world.events();
      await nothingChanged();
    }, 60_000);

    it('tells a secret once', async () => {
      const body = { name: 'once', roles: ['developer'] };
      const headers = { 'idempotency-key': 'secret' };
      expect((await world.call('POST', '/api/v1/keys', { body, headers })).status).toBe(201);
      before = await world.events();
      refused('again', await world.call('POST', '/api/v1/keys', { body, headers }), [409, 'DSEM-4014']);
      await nothingChanged();
    });
  });

  describe('definitions', () => {
    const register = (database: string, definition: unknown): Promise<Answer> =>
      world.call('POST', '/api/v1/schemas', { body: { name: 'broken', database, definition } });
    const update = (_: string, definition: unknown): Promise<Answer> =>
      world.call('PUT', '/api/v1/schemas/shop', {
        body: { definition, owner: 'somebody', compatibility: 'none' },
        headers: { 'if-match': '*' },
      });
    const validate = (database: string, definition: unknown): Promise<Answer> =>
      world.call('POST', '/api/v1/compatibility/validate', {
        body: { database, oldSchema: shop, newSchema: definition },
      });
    const against = (_: string, definition: unknown): Promise<Answer> =>
      world.call('POST', '/api/v1/compatibility/validate', { body: { schema: 'shop', newSchema: definition } });
    const ways: [string, typeof register][] = [
      ['register', register],
      ['update', update],
      ['validate', validate],
      ['validate against a schema', against],
    ];

    it.each(ways)('%s points to the place of broken SQL', async (what, way) => {
      const answer = await way('postgresql', 'CREATE TABLE a (\n  id bigint,\n  total numeric numeric\n);');
      refused(what, answer, [422, 'DSEM-2001']);
      expect(answer.body['location']).toMatchObject({ line: 3, column: 17 });
      await nothingChanged();
    });

    const half = 2_500_000;
    const broken: [string, unknown][] = [
      ['an open comment', '/* never closed'],
      ['an open text', "CREATE TABLE a (x text DEFAULT 'open);"],
      ['an open dollar quote', 'DO $$ BEGIN'],
      ['a command that deletes', 'DROP TABLE orders;'],
      ['a table twice', 'CREATE TABLE a (id int); CREATE TABLE a (id int);'],
      ['a key to nowhere', 'CREATE TABLE a (id int REFERENCES nowhere (id));'],
      ['a column twice', 'CREATE TABLE a (id int, id int);'],
      ['a model of another engine', { engine: 'mysql', tables: [] }],
      ['a model of no engine', { engine: 'foxpro', tables: [] }],
      ['a model of another shape', { engine: 'postgresql', tables: 'all' }],
      ['a model with a surprise', { engine: 'postgresql', surprise: true }],
      ['5 MB of brackets', `SELECT ${'('.repeat(2 * half)}`],
      ['5 MB of nesting', `CREATE TABLE a (x int CHECK (${'('.repeat(half)}1${')'.repeat(half)} > 0));`],
      ['5 MB of words', `CREATE TABLE a (${'x '.repeat(half)});`],
      ['a deep sum', `CREATE TABLE a (x int CHECK (x > ${'1+'.repeat(200_000)}1));`],
      ['a deep negation', `CREATE TABLE a (x bool CHECK (${'NOT '.repeat(100_000)}x));`],
      ['a deep query', `CREATE VIEW v AS ${'SELECT * FROM ('.repeat(50_000)}SELECT 1${') a'.repeat(50_000)};`],
    ];
    it.each(broken)(
      'refuses %s',
      async (what, definition) => {
        const codes = ['2001', '2002', '2003', '2004', '2005', '2006'].map((code) => [422, `DSEM-${code}`] as const);
        for (const [name, way] of ways) refused(`${name} ${what}`, await way('postgresql', definition), ...codes);
        const good = await validate('postgresql', shop);
        expect(good.status).toBe(200);
        await nothingChanged();
      },
      120_000,
    );

    it('takes 5 MB that are mostly comment', async () => {
      const answer = await validate('postgresql', `-- ${'x'.repeat(2 * half)}\n${shop}`);
      expect([answer.status, answer.body['compatible']]).toEqual([200, true]);
    });

    it.each(['mysql', 'mongodb', 'cassandra', 'sqlserver', 'oracle'])(
      'says that %s is not served here yet',
      async (engine) => {
        const definitions = ['CREATE TABLE a (id int)', { engine, tables: [] }];
        for (const definition of definitions) {
          refused('register', await register(engine, definition), [422, 'DSEM-2006'], [422, 'DSEM-2003']);
          refused('validate', await validate(engine, definition), [422, 'DSEM-2006'], [422, 'DSEM-2003']);
        }
        const environment = await world.call('POST', '/api/v1/environments', {
          body: { name: 'other', type: 'staging', database: engine },
        });
        refused('environment', environment, [422, 'DSEM-2006']);
        expect(environment.body['detail']).toContain(engine);
        await nothingChanged();
      },
    );

    it('keeps a schema whole when one part of its change is refused', async () => {
      const headers = { 'if-match': '*' };
      const change = {
        owner: 'somebody',
        description: 'changed',
        compatibility: 'none',
        definition: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      };
      refused(
        'version',
        await world.call('PUT', '/api/v1/schemas/shop', { body: { ...change, version: '0.0.1' }, headers }),
        [422, 'DSEM-2007'],
      );
      refused(
        'no version',
        await world.call('PUT', '/api/v1/schemas/shop', { body: { ...change, version: 'newest' }, headers }),
        [422, 'DSEM-2008'],
      );
      await nothingChanged();
    });
  });

  it('has a sample for every body', () => {
    expect(withBody.map(({ id }) => id).sort()).toEqual(Object.keys(bodies).sort());
    expect(all.every((route) => defaultStatus(route) < 300)).toBe(true);
  });
});
