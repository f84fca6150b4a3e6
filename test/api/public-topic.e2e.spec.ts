import { topics, typeName, type Envelope } from '@dsem/events';
import { describeWithServer } from '@dsem/testkit';
import { eventually, openWorld, type Json, type World } from './world.js';

const definition = 'CREATE TABLE public.t (id bigint PRIMARY KEY)';

const message = (id: string, source: string, type: string, subject: string, data: Json): Envelope => ({
  specversion: '1.0',
  id,
  source,
  type: typeName(type, 1),
  subject,
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  sequence: 0,
  tenant: 'other',
  actor: 'person:grace',
  correlationid: id,
  causationid: id,
  data,
});

describeWithServer('postgresql', 'the public topic', () => {
  let world: World;

  const publish = async (key: string, body: Envelope | string): Promise<void> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const sql = 'SELECT bus.publish_messages($1::text[], $2::text[], $3::text[])';
    await world.pool.query(sql, [[topics.schemaChanges], [key], [text]]);
  };
  const propose = (id: string, source: string, name: string): Promise<void> =>
    publish(name, message(id, source, 'SchemaProposed', name, { name, database: 'postgresql', definition }));
  const registered = (name: string): Promise<Json> =>
    eventually(`schema ${name}`, async () => {
      const { status, body } = await world.call('GET', `/api/v1/schemas/${name}/versions`);
      return status === 200 ? (body['items'] as Json[])[0] : undefined;
    });
  const trail = async (stream: string): Promise<Json[]> =>
    (await world.done(200, 'GET', `/api/v1/audit/entries?stream=${stream}`))['items'] as Json[];

  beforeAll(async () => {
    world = await openWorld();
  }, 120_000);
  afterAll(async () => {
    await world.close();
  }, 60_000);

  it('makes a proposal a version, by a foreign actor whatever the message calls itself', async () => {
    await propose('1', 'team-a', 'proposed-a');
    expect(await registered('proposed-a')).toMatchObject({ version: '1.0.0', author: 'foreign:team-a' });
  });

  it('takes an id as unique for its source only', async () => {
    await propose('1', 'team-b', 'proposed-b');
    expect(await registered('proposed-b')).toMatchObject({ author: 'foreign:team-b' });
  });

  it('makes a declaration a contract', async () => {
    const data = { consumer: 'billing', version: '1', schema: 'proposed-a', reads: ['public.t.id'], writes: [] };
    await publish('billing', message('2', 'team-a', 'UseDeclared', 'billing', data));
    const contracts = await eventually('the contract', async () => {
      const { status, body } = await world.call('GET', '/api/v1/consumers/billing');
      return status === 200 ? body['contracts'] : undefined;
    });
    expect(contracts).toMatchObject([{ schema: 'proposed-a', reads: ['public.t.id'] }]);
  });

  it('cannot keep our own events out of the ledger by garbage, nor by ids that ours could have', async () => {
    await publish('subject-victim', 'garbage');
    await publish('subject-victim', message('v:0', 'dsem/registry', 'SubjectCreated', 'subject-victim', {}));
    await world.done(201, 'POST', '/api/v1/schemas', { body: { name: 'victim', database: 'postgresql', definition } });
    const told = await eventually('the trail', async () => {
      const entries = await trail('subject-victim');
      return entries.length >= 2 ? entries : undefined;
    });
    expect(told.map(({ event }) => event)).toEqual(['SubjectCreated', 'VersionRegistered']);
  });

  it('cannot speak in the name of our services or people', async () => {
    const data = { migration: 'abc', approver: 'person:grace', plans: [] };
    await publish('migration-abc', message('f1', 'dsem/orchestrator', 'ApprovalGiven', 'migration-abc', data));
    const [entry] = await eventually('the entry', async () => {
      const entries = await trail(encodeURIComponent('dsem.schema-changes/migration-abc'));
      return entries.length > 0 ? entries : undefined;
    });
    expect(entry).toMatchObject({ actor: 'foreign:dsem/orchestrator', topic: 'dsem.schema-changes' });
    expect(await trail('migration-abc')).toEqual([]);
  });

  it('refuses text that nothing can store, and goes on with other keys', async () => {
    const broken = JSON.stringify(message('3', 'team-c', 'SchemaProposed', 'x', {})).replace('person:grace', '\\ud800');
    await publish('broken', broken);
    await propose('4', 'team-c', 'proposed-c');
    expect(await registered('proposed-c')).toMatchObject({ author: 'foreign:team-c' });
  });
});
