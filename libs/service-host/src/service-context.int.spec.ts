import { ApiProblem, defineRoute } from '@dsem/api';
import { randomUUID } from 'node:crypto';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { Controller, Module, type DynamicModule } from '@nestjs/common';
import pg from 'pg';
import { z } from 'zod';
import { createHost, type Host } from './bootstrap.js';
import { prepareServiceDatabase, tables } from './database.js';
import { openOn, type Infrastructure, type OpenedService } from './infrastructure.js';
import { createLogger } from './logging.js';
import { Input, Route, type Incoming } from './route.decorator.js';
import { mintServiceToken, serviceTokenAuthenticator } from './service-token.js';
import { SERVICE_CONTEXT } from './tokens.js';

const count = defineRoute({
  id: 'count',
  method: 'POST',
  path: '/api/v1/count',
  service: 'registry',
  summary: 'Count',
  tags: [],
  policy: { action: 'schema:register' },
  body: z.strictObject({ name: z.string(), wait: z.boolean().default(false) }),
  responses: { 201: z.object({ made: z.int(), command: z.string() }) },
});

let made = 0;
let faulty = true;
const commands: string[] = [];
let release: () => void = () => undefined;

@Controller()
class CountController {
  @Route(count)
  async count(@Input() { body, context }: Incoming<typeof count>): Promise<{ made: number; command: string }> {
    commands.push(context.causationId);
    if (body.name === 'refused') throw new ApiProblem('DSEM-4003', 'not now');
    if (body.name === 'faulty' && faulty) throw new Error('our fault');
    if (body.wait) await new Promise<void>((resolve) => (release = resolve));
    return { made: ++made, command: context.causationId };
  }
}

@Module({})
class CountModule {
  static of(service: OpenedService): DynamicModule {
    return {
      module: CountModule,
      controllers: [CountController],
      providers: [{ provide: SERVICE_CONTEXT, useValue: service }],
    };
  }
}

const logger = createLogger({ name: 'test', level: 'silent' });
const tokenKey = new Uint8Array(32).fill(3);

describeWithServer('postgresql', 'a service on its database', () => {
  let database: TestDatabase;
  let service: OpenedService;
  let infrastructure: Infrastructure;
  let host: Host;
  let url: string;
  let owner: pg.Pool;

  const open = (name: string): Promise<OpenedService> =>
    openOn(infrastructure, {
      service: name,
      parts: [tables('notes', ['CREATE TABLE notes (id int PRIMARY KEY)', 'ALTER TABLE notes ADD COLUMN text text'])],
      entities: [],
      topic: `${name}.events`,
    });

  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    infrastructure = {
      databaseUrl: database.url,
      bus: { kind: 'postgres' },
      tokenKey,
      addressOf: () => url,
      logger,
      poolSize: 3,
    };
    owner = surviving(new pg.Pool({ connectionString: database.url, max: 1 }));
    service = await open('count-er');
    host = await createHost({
      modules: [CountModule.of(service)],
      services: [service],
      authenticator: serviceTokenAuthenticator('registry', tokenKey),
      logger,
      version: '0',
      routes: [count],
    });
    url = await host.listen(0);
  }, 120_000);
  afterAll(async () => {
    await host.close();
    await owner.end();
    await database.drop();
  });

  const post = async (key: string | undefined, body: unknown, actor = 'ada') => {
    const principal = { id: actor, kind: 'person', tenant: 'default', roles: ['developer'] } as const;
    const headers = {
      authorization: `Bearer ${await mintServiceToken(principal, 'registry', tokenKey)}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const response = await fetch(`${url}/api/v1/count`, { method: 'POST', headers, body: JSON.stringify(body) });
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return {
      status: response.status,
      replayed,
      body: (await response.json()) as { made?: number; command?: string; code?: string },
    };
  };

  const sql = (text: string): Promise<pg.QueryResult> => service.pool.query(text);

  it('runs as its own role in its own schema', async () => {
    const { rows } = await sql('SELECT current_user AS "user", current_schema() AS schema');
    expect(rows).toEqual([{ user: 'dsem_count_er', schema: 'count_er' }]);
    expect(await service.dataSource.query('SELECT current_user AS "user"')).toEqual([{ user: 'dsem_count_er' }]);
  });

  it.each([
    ['change an event', 'UPDATE events SET type = type'],
    ['delete an event', 'DELETE FROM events'],
    ['insert an event around the store', `INSERT INTO events SELECT * FROM events`],
    ['change the record of its migrations', 'DELETE FROM applied_migrations'],
    ['create tables', 'CREATE TABLE more (id int)'],
    ['read another service', 'SELECT * FROM other.notes'],
  ])('may not %s', async (_, text) => {
    const other = await open('other');
    await other.close();
    await expect(sql(text)).rejects.toMatchObject({ code: '42501' });
  });

  it('may use the tables of its own parts, in their newest form', async () => {
    await sql(`INSERT INTO notes (id, text) VALUES (1, 'a')`);
    expect((await sql('SELECT text FROM notes')).rows).toEqual([{ text: 'a' }]);
  });

  it('is prepared by several processes at once', async () => {
    const opened = await Promise.all(['twin', 'twin', 'twin'].map(open));
    await Promise.all(opened.map((each) => each.close()));
    const { rows } = await owner.query(`SELECT count(*)::int AS n FROM twin.applied_migrations WHERE part = 'notes'`);
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('is prepared in several databases of one server at once, whose roles are the same', async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(async () => (await server('postgresql')).createDatabase()));
    const names = { schema: 'shared', role: `dsem_shared_${randomUUID().slice(0, 8)}` };
    const prepare = (each: { readonly url: string }): Promise<void> =>
      prepareServiceDatabase({ ...names, adminUrl: each.url, password: 'x', parts: [] });
    await Promise.all(databases.flatMap((each) => [prepare(each), prepare(each)]));
    for (const each of databases) await each.drop();
    await owner.query(`DROP ROLE ${names.role}`);
  });

  it('answers the same keyed request as before, without doing it again', async () => {
    const key = randomUUID();
    const first = await post(key, { name: 'a' });
    const second = await post(key, { name: 'a' });
    expect(first).toMatchObject({ status: 201, replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
  });

  it('refuses the key for another body, and keeps the keys of two callers apart', async () => {
    const key = randomUUID();
    await post(key, { name: 'a' });
    expect(await post(key, { name: 'b' })).toMatchObject({ status: 422, body: { code: 'DSEM-1011' } });
    expect(await post(key, { name: 'b' }, 'bob')).toMatchObject({ status: 201, replayed: false });
  });

  it('refuses the key while the first request is still handled', async () => {
    const key = randomUUID();
    const first = post(key, { name: 'slow', wait: true });
    for (let tries = 0; tries < 200; tries++) {
      const { rows } = await owner.query('SELECT 1 FROM count_er.idempotency_keys WHERE key = $1', [key]);
      if (rows.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await post(key, { name: 'slow', wait: true })).toMatchObject({ status: 409, body: { code: 'DSEM-4005' } });
    release();
    expect(await first).toMatchObject({ status: 201 });
  });

  it('lets one of many simultaneous requests do the work', async () => {
    const key = randomUUID();
    const before = made;
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(key, { name: 'many' })));
    expect(made).toBe(before + 1);
    expect(new Set(answers.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
    expect(answers.every(({ status, body }) => status === 201 || body.code === 'DSEM-4005')).toBe(true);
  });

  it('forgets a request that was refused: the next with its key is another command', async () => {
    const key = randomUUID();
    for (let tries = 0; tries < 2; tries++)
      expect(await post(key, { name: 'refused' })).toMatchObject({ status: 409, body: { code: 'DSEM-4003' } });
    expect(await post(key, { name: 'a' })).toMatchObject({ status: 201 });
    expect(new Set(commands.slice(-3)).size).toBe(3);
  });

  it('lets a request that failed by our fault come again at once, as the same command', async () => {
    const key = randomUUID();
    for (faulty of [true, true, false]) expect((await post(key, { name: 'faulty' })).status).toBe(faulty ? 500 : 201);
    expect(new Set(commands.slice(-3)).size).toBe(1);
  });

  it('does what else comes with the key of such a request as a command of its own', async () => {
    const key = randomUUID();
    faulty = true;
    expect(await post(key, { name: 'faulty' })).toMatchObject({ status: 500 });
    expect(await post(key, { name: 'a' })).toMatchObject({ status: 201 });
    expect(new Set(commands.slice(-2)).size).toBe(2);
  });

  it('takes a request of a process that died a minute ago as the same command', async () => {
    const key = randomUUID();
    const done = await post(key, { name: 'a' });
    expect(done).toMatchObject({ status: 201 });
    const where = `WHERE key = '${key}'`;
    await owner.query(
      `UPDATE count_er.idempotency_keys SET status = NULL, claimed_at = now() - interval '61 seconds' ${where}`,
    );
    const again = await post(key, { name: 'a' });
    expect(again).toMatchObject({ status: 201, replayed: false, body: { command: done.body.command } });
  });

  it('keeps answers for a day', async () => {
    const key = randomUUID();
    await post(key, { name: 'a' });
    await owner.query(
      `UPDATE count_er.idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = '${key}'`,
    );
    const other = await post(key, { name: 'other' });
    expect(other).toMatchObject({ status: 201, replayed: false });
    await owner.query(
      `UPDATE count_er.idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = '${key}'`,
    );
    const nextDay = await post(key, { name: 'other' });
    expect(nextDay.status).toBe(201);
    expect(nextDay.body.command).not.toBe(other.body.command);
    await owner.query(`UPDATE count_er.idempotency_keys SET expires_at = now() - interval '1 second'`);
    await service.idempotency.purge();
    expect((await owner.query('SELECT 1 FROM count_er.idempotency_keys')).rows).toEqual([]);
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(256)])('refuses the idempotency key %j or does without one', async (key) => {
    const answer = await post(encodeURI(key) === key && key.length < 256 ? key : key.replace('ä', '\u00e4'), {
      name: 'a',
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'DSEM-1012']);
  });
});
