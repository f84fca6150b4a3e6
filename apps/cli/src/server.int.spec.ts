import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createLogger } from '@dsem/service-host';
import { startStandalone, type Standalone } from '@dsem/standalone';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { dsem, type Outcome } from './testing.js';

const states = join(import.meta.dirname, '..', 'testdata', 'states');
const postgresql = ['--engine', 'postgresql'];

describeWithServer('postgresql', 'the verbs of the server', () => {
  let folder: string;
  let standalone: Standalone;
  let databases: readonly TestDatabase[];
  let approver: string;

  const as = (key: string | undefined, ...argv: string[]): Promise<Outcome> =>
    dsem(key === undefined ? argv : [...argv, '--token', key], { cwd: states, env: { XDG_CONFIG_HOME: folder } });
  const admin = (...argv: string[]): Promise<Outcome> => as(undefined, ...argv);
  const json = async <Body>(...argv: string[]): Promise<Body> => {
    const { code, out, err } = await admin(...argv, '-o', 'json');
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out) as Body;
  };
  const expectOut = async (said: Promise<Outcome>, code: number, ...parts: string[]): Promise<void> => {
    const { code: ended, out, err } = await said;
    expect([ended, ended === code ? '' : err]).toEqual([code, '']);
    for (const part of parts) expect(out + err).toContain(part);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsem-server-'));
    const postgres = await server('postgresql');
    databases = await Promise.all([postgres.createDatabase(), postgres.createDatabase(), postgres.createDatabase()]);
    const [own, dev, prod] = databases.map(({ url }) => url);
    standalone = await startStandalone({
      dataDir: join(folder, 'data'),
      databaseUrl: own,
      port: 0,
      logger: createLogger({ name: 'spec', level: 'silent' }),
      agentHeartbeatMs: 200,
    });
    const file = standalone.administratorKeyFile;
    await expectOut(admin('login', '--endpoint', standalone.url, '--key-file', file), 0, 'administrator');
    await expectOut(admin('env', 'add', 'dev', '--type', 'development', ...postgresql), 0, 'development');
    await expectOut(admin('env', 'add', 'prod', '--type', 'production', '--region', 'eu', ...postgresql), 0, 'strict');
    const environments = [
      { name: 'dev', engine: 'postgresql' as const, url: dev ?? '' },
      { name: 'prod', engine: 'postgresql' as const, url: prod ?? '' },
    ];
    await standalone.serve({ agent: 'local', environments });
    approver = (await json<{ secret: string }>('key', 'issue', 'ben', '--role', 'approver')).secret;
  }, 120_000);
  afterAll(async () => {
    await standalone.close();
    await Promise.all(databases.map((database) => database.drop()));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Services learn of each other's events a moment later. */
  const until = async (ready: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 100 && !(await ready()); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
  };

  const assessed = async (): Promise<boolean> => {
    const { items } = await json<{ items: { status: string }[] }>('migration', 'list');
    return items.every(({ status }) => status !== 'draft');
  };

  it('keep the log-in where only its owner reads it', () => {
    expect(statSync(join(folder, 'dsem', 'login.json')).mode & 0o777).toBe(0o600);
  });

  it('find everything in order when asked', async () => {
    await expectOut(admin('doctor'), 0, standalone.url, 'administrator');
    const key = readFileSync(standalone.administratorKeyFile, 'utf8').trim();
    expect((await admin('doctor')).out).not.toContain(key);
  });

  it('register what a definition says of earlier names, and tell it', async () => {
    const before = join(folder, 'before.sql');
    const after = join(folder, 'after.sql');
    writeFileSync(before, 'CREATE TABLE person (id int CONSTRAINT key PRIMARY KEY, mail text);');
    writeFileSync(
      after,
      '-- dsem: renamed from person\nCREATE TABLE human (id int CONSTRAINT key PRIMARY KEY,\n-- dsem: renamed from mail\n"Post" text);',
    );
    await expectOut(admin('register', before, '--name', 'people', ...postgresql), 0, 'Registered people 1.0.0');
    await expectOut(admin('register', after, '--name', 'people', ...postgresql), 0, 'Registered people 2.0.0');
    await expectOut(admin('register', after, '--name', 'people', ...postgresql), 0, 'has this content already');
    const pair = ['--from', 'registry:people@1.0.0', '--to', 'registry:people'];
    const { changes } = JSON.parse((await admin('diff', ...pair, '-o', 'json')).out) as { changes: { kind: string }[] };
    expect(changes.map(({ kind }) => kind).sort()).toEqual(['rename-column', 'rename-table']);
  });

  it('lead a schema from its registration through approval and rollout to the audit trail, and back', async () => {
    await expectOut(admin('register', 'shop-1.sql', '--name', 'shop', ...postgresql), 0, 'Registered shop 1.0.0');
    await expectOut(admin('register', 'migrations', '--name', 'shop', ...postgresql), 0, 'has this content already');
    const to = ['--schema', 'shop', '--environment', 'dev,prod', '--reason', 'first'];
    const { id } = await json<{ id: string }>('migration', 'create', ...to);
    await until(assessed);
    const { plans } = await json<{ plans: { hash: string }[] }>('migration', 'show', id);
    await expectOut(admin('rollout', id), 4, 'DSEM-4007');
    await expectOut(admin('approve', id), 4, 'DSEM-5106');
    await expectOut(admin('migration', 'steps', plans[0]?.hash ?? ''), 0, 'CREATE TABLE "public"."users"');
    await expectOut(as(approver, 'approve', id, '--comment', 'fine'), 0, 'approved');
    await expectOut(as(approver, 'rollout', id), 1, 'DSEM-5105', 'roles that may: administrator, operator, developer');
    expect((await as(approver, 'status', id)).out).toContain('next: reject\n');
    const out = await admin('rollout', id, '--wait', '--wave', 'dev', '--wave', 'prod');
    expect([out.code, out.out]).toEqual([0, expect.stringContaining('completed')]);
    expect(out.err).toMatch(/T.+Z prod  wave 2  succeeded/u);
    const drift = (): Promise<Outcome> => admin('diff', '--from', 'env:prod', '--to', 'registry:shop@1.0.0');
    await until(async () => (await drift()).code === 0);
    await expectOut(drift(), 0, 'No change.');
    await expectOut(admin('diff', '--from', databases[2]?.url ?? '', '--to', 'shop-1.sql'), 0, 'No change.');
    await until(async () => (await admin('explain', id)).out.includes('prod now runs'));
    await expectOut(admin('explain', id), 0, 'approved it', 'prod now runs shop 1.0.0');
    await expectOut(admin('status', id), 0, 'rollback loses data in dev, prod: public.users (drop-table)');
    const prod = ['--environment', 'prod', '--why', 'a spec'];
    await expectOut(admin('rollback', id, ...prod), 1, 'DSEM-4016', 'public.users (drop-table) in prod');
    const back = await admin('rollback', id, '--wait', ...prod, '--accept-data-loss');
    await until(async () => (await admin('explain', id)).out.includes('Accepted is the loss of public.users in prod'));
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('rolled-back')]);
    await expectOut(admin('diff', '--from', databases[2]?.url ?? '', '--to', 'empty'), 0, 'No change.');
    await expectOut(admin('audit', 'export', '--output-file', join(folder, 'trail.jsonl')), 0);
    await expectOut(admin('verify', join(folder, 'trail.jsonl')), 0, 'intact');
  });

  it('show messages that could not be handled, and replay or discard them', async () => {
    await expectOut(admin('dead-letter', 'list'), 0, 'No dead letters.');
    await expectOut(admin('dead-letter', 'keys'), 0, 'No parked keys.');
    const client = surviving(new pg.Client({ connectionString: databases[0]?.url }));
    await client.connect();
    const publish = 'SELECT bus.publish_messages($1::text[], $2::text[], $3::text[])';
    await client.query(publish, [['dsem.schema-changes'], ['k 1'], ['garbage\u001b[31m']]);
    await until(async () => (await admin('dead-letter', 'list')).out.split('\n').length === 4);
    const listed = await admin('dead-letter', 'list', '--service', 'registry');
    expect(listed.out).toMatch(
      /registry {2}1 .+ registry-schema-changes {2}dsem\.schema-changes {2}k 1 {2}the message/u,
    );
    await expectOut(admin('dead-letter', 'keys', '--consumer', 'registry-schema-changes'), 0, 'k 1');
    await expectOut(admin('dead-letter', 'show', 'registry', '1'), 0, 'registry 1', 'garbage\\u001b[31m');
    await expectOut(admin('doctor'), 1, 'FAIL', '2 dead letters, 2 parked keys');
    expect((await as(approver, 'doctor')).out).not.toContain('dead letters');
    await expectOut(admin('dead-letter', 'agents'), 0, 'No dead letters.');
    await client.query(publish, [['agent.commands'], ['dev'], ['garbage']]);
    await until(async () => (await admin('dead-letter', 'agents', '--agent', 'local')).out.includes('agent.commands'));
    expect((await admin('dead-letter', 'agents')).out).toMatch(/local {2}1 .+ agent\.commands {2}dev {2}the message/u);
    await expectOut(admin('dead-letter', 'agents', '--agent', 'other'), 0, 'No dead letters.');
    await expectOut(admin('doctor'), 1, '3 dead letters, 3 parked keys, 1 at agent local');
    const kept = ['dead-letter', 'list', '--service', 'audit', '--key', 'dev'];
    const [ofAudit] = (await json<{ items: { id: string }[] }>(...kept)).items;
    await expectOut(admin('dead-letter', 'discard', 'audit', ofAudit?.id ?? '', '--reason', 'not ours'), 0);
    await client.query('DELETE FROM environment_agent.dead_letters');
    await client.query('DELETE FROM environment_agent.parked_keys');
    await until(async () => (await admin('dead-letter', 'agents')).out.includes('No dead letters.'));
    const replay = ['dead-letter', 'replay', 'registry', 'registry-schema-changes', 'k 1'];
    await expectOut(admin(...replay), 1, '0 replayed, 1 remaining.', 'Letter 1 of registry failed again');
    await expectOut(as(approver, ...replay), 1, 'DSEM-5105');
    await expectOut(admin('dead-letter', 'discard', 'registry', '1'), 64, '--reason');
    await expectOut(admin('dead-letter', 'discard', 'registry', '1', '--reason', 'not ours'), 0, 'is discarded');
    await expectOut(admin('dead-letter', 'show', 'registry', '1'), 1, 'DSEM-4013', 'discarded');
    await expectOut(admin(...replay), 1, 'DSEM-4001');
    await expectOut(admin('dead-letter', 'list', '--service', 'nobody'), 1, 'DSEM-1003', 'registry');
    const own = { service: 'audit', key: 'k 1', consumer: 'audit-schema-changes' };
    expect(await json('dead-letter', 'list')).toMatchObject({ schemaVersion: 1, items: [own] });
    expect(await json('dead-letter', 'keys')).toMatchObject({ items: [{ ...own, letters: 1 }] });
    await client.query(
      `UPDATE audit.dead_letters SET body = (SELECT convert_to(body, 'UTF8') FROM bus.messages LIMIT 1)`,
    );
    await client.end();
    const healed = await json('dead-letter', 'replay', 'audit', 'audit-schema-changes', 'k 1');
    expect(healed).toEqual({ schemaVersion: 1, replayed: 1, remaining: 0 });
    await expectOut(admin('doctor'), 0, 'dead letters', 'none');
  });

  it('refuse what breaks a declared consumer, with its name', async () => {
    await expectOut(
      admin('consumer', 'declare', 'mailer', '--schema', 'shop', '--reads', 'public.users.nick'),
      0,
      'mailer',
    );
    const verdict = (): Promise<Outcome> => admin('validate', 'shop-2.sql', '--schema', 'shop', ...postgresql);
    await until(async () => (await verdict()).code === 3);
    await expectOut(verdict(), 3, 'mailer 1 reads it');
    await expectOut(admin('validate', 'shop-2.sql', '--against', 'shop-2.sql', ...postgresql), 0, 'compatible');
  });

  it.each([
    ['schema list', ['schema', 'list', '--search', 'sho']],
    ['schema show', ['schema', 'show', 'shop']],
    ['schema show version', ['schema', 'show', 'shop@1.0.0']],
    ['schema versions', ['schema', 'versions', 'shop']],
    ['consumer list', ['consumer', 'list', '--schema', 'shop']],
    ['migration list', ['migration', 'list', '--schema', 'shop', '--limit', '1']],
    ['status', ['status']],
    ['env list', ['env', 'list']],
    ['env show', ['env', 'show', 'dev']],
    ['env policy', ['env', 'policy', 'dev', '--approvals', '2', '--no-author-may-approve']],
    ['audit list', ['audit', 'list', '--event', 'VersionRegistered']],
    ['key list', ['key', 'list']],
  ])('%s answers in words and in JSON', async (_, argv) => {
    await expectOut(admin(...argv), 0);
    await json(...argv);
  });

  it.each([
    [['schema', 'show', 'nowhere'], 1, 'DSEM-4001'],
    [['schema', 'show', 'shop@9.9.9'], 1, 'DSEM-4001'],
    [['inspect', 'registry:nowhere'], 1, 'DSEM-4001'],
    [['inspect', 'env:dev/nowhere'], 1, 'DSEM-4001'],
    [['approve', 'nowhere'], 1, 'DSEM-4001'],
    [['env', 'add', 'dev', '--type', 'development', '--engine', 'postgresql'], 1, 'DSEM-4002'],
    [['env', 'add', 'no name', '--type', 'development', '--engine', 'postgresql'], 1, 'DSEM-1002'],
    [['env', 'policy', 'dev'], 64, 'DSEM-1015'],
    [['key', 'issue', 'x', '--role', 'king'], 1, 'DSEM-1002'],
    [['schema', 'delete', 'shop'], 64, '--yes'],
    [['env', 'retire', 'eu', '--force', '--yes'], 64, '--reason'],
    [['status', '--token', 'dsem_user_x'], 1, 'DSEM-5102'],
    [['migration', 'resolve', 'x', '--as', 'perhaps'], 64, 'See `dsem migration resolve --help`'],
    [['migration', 'reject', 'x'], 64, 'See `dsem migration reject --help`'],
  ])('%j is refused as the server says it', async (argv, code, part) => {
    await expectOut(admin(...argv), code, part, 'Fix: ');
  });

  it('forget the log-in', async () => {
    writeFileSync(join(folder, 'dsem', 'login.json.part'), '');
    await expectOut(admin('logout'), 0);
    await expectOut(admin('status', '--endpoint', standalone.url), 1, 'DSEM-5101');
  });
});
