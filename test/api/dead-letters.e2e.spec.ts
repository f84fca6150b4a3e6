import { agentHeartbeat, topics, typeName, type Envelope } from '@dsem/events';
import { describeWithServer } from '@dsem/testkit';
import { eventually, openWorld, type Json, type World } from './world.js';

const definition = 'CREATE TABLE public.t (id bigint PRIMARY KEY)';
const registry = '/api/v1/services/registry';
const consumer = 'registry-schema-changes';

const proposal = (id: string, name: string, data: Json = {}): Envelope => ({
  specversion: '1.0',
  id,
  source: 'team-a',
  type: typeName('SchemaProposed', 1),
  subject: name,
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  sequence: 0,
  tenant: 'default',
  actor: 'service:team-a',
  correlationid: id,
  causationid: id,
  data: { name, database: 'postgresql', definition, ...data },
});

describeWithServer('postgresql', 'dead letters', () => {
  let world: World;

  const publish = async (key: string, body: Envelope | string, topic: string = topics.schemaChanges): Promise<void> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const sql = 'SELECT bus.publish_messages($1::text[], $2::text[], $3::text[])';
    await world.pool.query(sql, [[topic], [key], [text]]);
  };
  const items = async (path: string): Promise<Json[]> => (await world.done(200, 'GET', path))['items'] as Json[];
  const letters = (key: string, count = 1, path = registry): Promise<Json[]> =>
    eventually(`${count} letters of ${key}`, async () => {
      const found = await items(`${path}/dead-letters?key=${encodeURIComponent(key)}`);
      return found.length === count ? found : undefined;
    });
  const registered = (name: string): Promise<unknown> =>
    eventually(`schema ${name}`, async () => {
      const { status } = await world.call('GET', `/api/v1/schemas/${name}`);
      return status === 200 ? true : undefined;
    });
  const told = (stream: string, count: number): Promise<Json[]> =>
    eventually(`the trail of ${stream}`, async () => {
      const entries = await items(`/api/v1/audit/entries?stream=${stream}`);
      return entries.length === count ? entries : undefined;
    });
  const dataOf = (entry: Json | undefined): Json => (entry?.['envelope'] as Json)['data'] as Json;
  const discard = (path: string, id: unknown, reason = 'garbage', headers: Record<string, string> = {}) =>
    world.call('POST', `${path}/dead-letters/${String(id)}/discard`, { body: { reason }, headers });
  const replay = (key: string, more: Json = {}, status = 200): Promise<Json> =>
    world.done(status, 'POST', `${registry}/parked-keys/replay`, { body: { consumer, key, ...more } });

  beforeAll(async () => {
    world = await openWorld();
  }, 120_000);
  afterAll(async () => {
    await world.close();
  }, 60_000);

  it('are listed and shown by the registry and by the audit of the public topic, with their cause', async () => {
    const body = 'garbage password=1 {"password":"hunter2"} dsem_user_ab_0123456789abcdef';
    await publish('one', body);
    const [letter] = await letters('one');
    expect(letter).toMatchObject({ service: 'registry', consumer, topic: topics.schemaChanges, key: 'one' });
    expect(letter?.['cause']).toMatch(/JSON/);
    expect(letter).not.toHaveProperty('body');
    const shown = await world.done(200, 'GET', `${registry}/dead-letters/${String(letter?.['id'])}`);
    expect(shown).toMatchObject({ ...letter, bodyLength: body.length });
    expect(shown['body']).toBe('garbage password=1 {"password":"***"} dsem_user_ab_***');
    const [kept] = await letters('one', 1, '/api/v1/services/audit');
    expect(kept).toMatchObject({ service: 'audit', consumer: 'audit-schema-changes' });
    expect(world.logged.some((line) => line.includes('a message was parked') && line.includes(consumer))).toBe(true);
  });

  it('hold their key back until they are given up, which the trail tells with actor and reason', async () => {
    await publish('two', 'garbage');
    await letters('two');
    await publish('two', proposal('p2', 'behind-two'));
    const [poison] = await letters('two', 2);
    const keys = await items(`${registry}/parked-keys?consumer=${consumer}`);
    expect(keys).toContainEqual(expect.objectContaining({ service: 'registry', consumer, key: 'two', letters: 2 }));
    const failed = await replay('two');
    expect(failed).toMatchObject({ replayed: 0, remaining: 2, failed: { id: poison?.['id'] } });
    const headers = { 'idempotency-key': 'give-up-two' };
    expect((await discard(registry, poison?.['id'], 'not ours', headers)).status).toBe(204);
    expect((await discard(registry, poison?.['id'], 'not ours', headers)).headers['idempotent-replayed']).toBe('true');
    expect((await discard(registry, poison?.['id'])).body).toMatchObject({ status: 410, code: 'DSEM-4013' });
    expect(await replay('two')).toEqual({ replayed: 1, remaining: 0 });
    await registered('behind-two');
    const trail = await told(`letter-registry-${String(poison?.['id'])}`, 2);
    expect(trail.map(({ event }) => event)).toEqual(['DeadLetterReplayFailed', 'DeadLetterDiscarded']);
    expect(trail[1]?.['actor']).toMatch(/^key:/);
    expect(dataOf(trail[1])).toMatchObject({ reason: 'not ours', key: 'two', consumer, by: trail[1]?.['actor'] });
  });

  it('flow again after the last one of their key', async () => {
    await publish('three', 'garbage');
    const [poison] = await letters('three');
    expect((await discard(registry, poison?.['id'])).status).toBe(204);
    await publish('three', proposal('p3', 'after-three'));
    await registered('after-three');
    expect(await items(`${registry}/dead-letters?key=three`)).toEqual([]);
    await replay('three', {}, 404);
  });

  it('are replayed by the real handler, as many as asked for, each told in the trail', async () => {
    await publish('four', 'garbage');
    await letters('four');
    for (const n of [1, 2, 3]) await publish('four', proposal(`p4-${n}`, `four-${n}`));
    const [poison, first] = await letters('four', 4);
    await discard(registry, poison?.['id']);
    expect(await replay('four', { limit: 2 })).toEqual({ replayed: 2, remaining: 1 });
    await registered('four-2');
    expect((await world.call('GET', '/api/v1/schemas/four-3')).status).toBe(404);
    expect(await replay('four')).toEqual({ replayed: 1, remaining: 0 });
    await registered('four-3');
    const [entry] = await told(`letter-registry-${String(first?.['id'])}`, 1);
    expect(entry?.['event']).toBe('DeadLetterReplayed');
    const gone = await world.call('GET', `${registry}/dead-letters/${String(first?.['id'])}`);
    expect([gone.status, gone.body['code']]).toEqual([410, 'DSEM-4013']);
  });

  it('are replayed and given up for the audit of the public topic, too', async () => {
    const audit = '/api/v1/services/audit';
    await publish('five', 'garbage');
    await publish('five', proposal('p5', 'five'));
    const [poison] = await letters('five', 2, audit);
    expect((await discard(audit, poison?.['id'])).status).toBe(204);
    const body = { consumer: 'audit-schema-changes', key: 'five' };
    const done = await world.done(200, 'POST', `${audit}/parked-keys/replay`, { body });
    expect(done).toEqual({ replayed: 1, remaining: 0 });
    await told(encodeURIComponent('dsem.schema-changes/five'), 1);
    await told(`letter-audit-${String(poison?.['id'])}`, 1);
  });

  it('without a key hold nothing back, and are replayed under the empty key', async () => {
    await publish('', 'garbage');
    const [poison] = await letters('');
    expect(await items(`${registry}/parked-keys`)).not.toContainEqual(expect.objectContaining({ key: '' }));
    expect(await replay('')).toMatchObject({ replayed: 0, remaining: 1 });
    expect((await discard(registry, poison?.['id'])).status).toBe(204);
  });

  it('are listed page by page, letters and keys alike', async () => {
    for (const key of ['six-a', 'six-b', 'six-c']) await publish(key, 'garbage');
    for (const key of ['six-a', 'six-b', 'six-c']) await letters(key);
    for (const list of ['dead-letters', 'parked-keys']) {
      const whole = await items(`${registry}/${list}?limit=200`);
      const paged: Json[] = [];
      let cursor = '';
      do {
        const page = await world.done(200, 'GET', `${registry}/${list}?limit=2${cursor}`);
        paged.push(...(page['items'] as Json[]));
        cursor = page['nextCursor'] === undefined ? '' : `&cursor=${String(page['nextCursor'])}`;
      } while (cursor !== '');
      expect(paged).toEqual(whole);
      expect(whole.length).toBeGreaterThan(3);
    }
  });

  it('are counted in the metrics, by service and consumer, with 0 where there are none', async () => {
    const { text } = await world.call('GET', '/metrics');
    const value = (name: string, service: string, of: string): number =>
      Number(
        new RegExp(`^${name}\\{(?=.*service="${service}")(?=.*consumer="${of}").*\\} (\\d+)`, 'm').exec(text)?.[1],
      );
    const waiting = await items(`${registry}/dead-letters?limit=200`);
    const parked = await items(`${registry}/parked-keys?limit=200`);
    expect(value('dsem_dead_letters', 'registry', consumer)).toBe(waiting.length);
    expect(value('dsem_parked_keys', 'registry', consumer)).toBe(parked.length);
    expect(value('dsem_dead_letters', 'validator', 'validator')).toBe(0);
    expect(value('dsem_parked_keys', 'orchestrator', 'orchestrator-executions')).toBe(0);
  });

  it.each([
    ['a service that there is not', 'GET', '/api/v1/services/gateway/dead-letters', undefined, 400, 'DSEM-1003'],
    ['a letter that there never was', 'GET', `${registry}/dead-letters/999999`, undefined, 404, 'DSEM-4001'],
    ['no reason', 'POST', `${registry}/dead-letters/1/discard`, {}, 422, 'DSEM-1002'],
    ['an empty reason', 'POST', `${registry}/dead-letters/1/discard`, { reason: ' ' }, 422, 'DSEM-1002'],
    ['a cursor of another list', 'GET', `${registry}/parked-keys?cursor=MTI`, undefined, 400, 'DSEM-1013'],
    ['a key of nobody', 'POST', `${registry}/parked-keys/replay`, { consumer, key: 'x' }, 404, 'DSEM-4001'],
  ])('refuse %s', async (_, method, path, body, status, code) => {
    const answer = await world.call(method, path, { body });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('of a consumer that is no more are not replayed, and say so', async () => {
    const sql = `INSERT INTO registry.dead_letters (consumer, topic, key, body, cause) VALUES ('gone', 't', 'k', '{', 'x')`;
    await world.pool.query(sql);
    const body = { consumer: 'gone', key: 'k' };
    const answer = await world.call('POST', `${registry}/parked-keys/replay`, { body });
    expect([answer.status, answer.body['code']]).toEqual([409, 'DSEM-4003']);
  });

  describe('of agents', () => {
    const path = '/api/v1/agents/dead-letters';
    const listed = (until: (found: Json[]) => boolean, query = ''): Promise<Json[]> =>
      eventually(`what ${path}${query} tells`, async () => {
        const found = await items(path + query);
        return until(found) ? found : undefined;
      });
    const beat = (agent: string, n: number, more: Json): Promise<void> => {
      const data = { agent, environments: [], ...more };
      const type = typeName(agentHeartbeat.type, agentHeartbeat.version);
      const envelope = { ...proposal(`beat-${agent}-${n}`, `agent-${agent}`), type, actor: `agent:${agent}`, data };
      return publish(`agent-${agent}`, envelope, topics.agent);
    };
    const waiting = (total: number): Json => ({
      deadLetters: { total, oldest: [{ id: '1', topic: 't', key: 'k', cause: 'c', at: '2026-01-01T00:00:00Z' }] },
    });

    it('are told by themselves, for as long as they wait', async () => {
      const url = await world.database('dev');
      await world.standalone.serve({ agent: 'eu-1', environments: [{ name: 'dev', engine: 'postgresql', url }] });
      expect(await items(path)).toEqual([]);
      await publish('dev', 'garbage {"password":"hunter2"}', topics.agentCommands);
      await publish('dev', 'more', topics.agentCommands);
      const [told] = await listed(([one]) => one?.['total'] === 2);
      expect(told).toMatchObject({
        agent: 'eu-1',
        total: 2,
        oldest: [{ topic: topics.agentCommands, key: 'dev' }, {}],
      });
      const [first, second] = told?.['oldest'] as Json[];
      expect(first?.['cause']).toMatch(/JSON/);
      expect(second?.['cause']).toBe('an earlier message of this key is parked');
      expect(JSON.stringify(told)).not.toContain('hunter2');
      await world.pool.query(`DELETE FROM environment_agent.dead_letters`);
      await listed((found) => found.length === 0);
    }, 60_000);

    it('are listed by agent and page by page, as they were told last', async () => {
      for (const [agent, total] of Object.entries({ c: 3, a: 1, b: 2 })) await beat(agent, 1, waiting(total));
      await listed((found) => found.length === 3);
      const first = await world.done(200, 'GET', `${path}?limit=2`);
      const second = await world.done(200, 'GET', `${path}?limit=2&cursor=${String(first['nextCursor'])}`);
      const pages = [first, second].map((page) => (page['items'] as Json[]).map(({ agent }) => agent));
      expect(pages).toEqual([['a', 'b'], ['c']]);
      expect(await items(`${path}?agent=b`)).toMatchObject([{ agent: 'b', total: 2 }]);
      await beat('a', 2, {});
      await beat('a', 3, waiting(7));
      await beat('b', 2, {});
      await beat('c', 2, { deadLetters: { total: 0, oldest: [] } });
      const last = await listed((found) => found[0]?.['total'] === 7 && found.length === 2);
      expect(last).toMatchObject([{ agent: 'a' }, { agent: 'b', total: 2 }]);
    }, 60_000);

    it('are for those who may look', async () => {
      for (const [role, status] of Object.entries({ auditor: 200, operator: 200, developer: 403, agent: 403 }))
        expect((await world.call('GET', path, { key: world.keys[role as 'auditor'] })).status).toBe(status);
    });
  });

  it('are for operators and administrators; auditors may look', async () => {
    const [letter] = await items(`${registry}/dead-letters`);
    const path = `${registry}/dead-letters/${String(letter?.['id'])}`;
    for (const [role, seen, done] of [
      ['auditor', 200, 403],
      ['developer', 403, 403],
      ['agent', 403, 403],
      ['operator', 200, 204],
    ] as const) {
      const key = world.keys[role];
      expect((await world.call('GET', path, { key })).status).toBe(seen);
      expect((await world.call('POST', `${path}/discard`, { key, body: { reason: 'x' } })).status).toBe(done);
    }
  });
});
