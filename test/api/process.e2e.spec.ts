import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintKey } from '@dsem/service-host';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { run, type Process } from './program.js';
import { eventually, httpCaller, type World } from './world.js';

const canary = 'canary-9a7c3e';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const endAll =
  'SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port IS NOT NULL';

/** Which sessions wait for notifications, and which lead an outbox. */
const longLived = `SELECT application_name || CASE WHEN query LIKE 'LISTEN%' THEN ' listens' ELSE ' leads' END AS name
  FROM pg_stat_activity a WHERE datname = 'dsem' AND (query LIKE 'LISTEN%'
    OR EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted))`;

const leaders = ['audit', 'gateway', 'orchestrator', 'registry', 'validator'].map((role) => `dsem_${role} leads`);
const listeners = [...leaders, 'dsem_environment_agent leads'].map((name) => name.replace('leads', 'listens'));
const everySession = [...leaders, ...listeners].sort();

const standalone = 'apps/standalone/src/main.ts';

describeWithServer('postgresql', 'the standalone process', () => {
  let folder: string;
  let target: TestDatabase;
  let said = '';
  let running: Process | undefined;
  let call: World['call'];
  let done: World['done'];

  const pidFile = (): string => join(folder, 'pg', 'data', 'postmaster.pid');
  const postgresPid = (): number => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  const keyFile = (): string => join(folder, 'keys', 'administrator.key');

  const start = async (): Promise<Process> => {
    const config = { agent: 'local', environments: [{ name: 'dev', url: target.url }] };
    const env = { PORT: '0', DSEM_DATA_DIR: folder, LOG_LEVEL: 'trace', DSEM_AGENT_CONFIG: JSON.stringify(config) };
    const process = (running = run(standalone, env));
    let over = false;
    void process.ended.then(() => (over = true));
    const url = await eventually('the start', () => {
      if (over) throw new Error(process.said().slice(-3000));
      return Promise.resolve(/listens on (http\S+)\n/.exec(process.said())?.[1]);
    });
    ({ call, done } = httpCaller(url, readFileSync(keyFile(), 'utf8').trim()));
    return process;
  };

  const stop = async ({ child, ended }: Process, signal: NodeJS.Signals): Promise<number | string> => {
    child.kill(signal);
    const code = await ended;
    said += running?.said() ?? '';
    running = undefined;
    return code;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsem-process-'));
    chmodSync(folder, 0o711);
    const database = await (await server('postgresql')).createDatabase();
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    await client.query('DROP ROLE IF EXISTS gustav');
    await client.query(`CREATE ROLE gustav SUPERUSER LOGIN PASSWORD '${canary}'`);
    await client.end();
    const url = new URL(database.url);
    [url.username, url.password] = ['gustav', canary];
    target = { url: url.href, drop: database.drop };
  }, 60_000);

  afterAll(async () => {
    running?.child.kill('SIGKILL');
    if (existsSync(pidFile()) && alive(postgresPid())) process.kill(postgresPid(), 'SIGQUIT');
    await target.drop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const tables = Array.from({ length: 40 }, (_, n) => `CREATE TABLE t${n} (id bigint PRIMARY KEY, v text);`).join('\n');
  let migration = '';

  it('drains at SIGTERM within ten seconds, with requests and a migration in hand', async () => {
    const process = await start();
    await done(201, 'POST', '/api/v1/schemas', { body: { name: 'many', database: 'postgresql', definition: tables } });
    await done(201, 'POST', '/api/v1/environments', {
      body: { name: 'dev', type: 'development', database: 'postgresql' },
    });
    const made = await done(201, 'POST', '/api/v1/migrations', { body: { schema: 'many', environments: ['dev'] } });
    migration = String(made['id']);
    await eventually('planning', async () => {
      const { status } = await done(200, 'GET', `/api/v1/migrations/${migration}`);
      return status === 'approved' ? true : undefined;
    });
    await done(200, 'POST', `/api/v1/migrations/${migration}/execute`, { body: {} });
    const postgres = postgresPid();
    const asked = Array.from({ length: 20 }, (_, n) =>
      call('POST', '/api/v1/consumers', { body: { name: `c${n}`, schema: 'many' } }).then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code,
      ),
    );
    // After ten seconds it would end with 1.
    expect(await stop(process, 'SIGTERM')).toBe(0);
    expect([alive(postgres), existsSync(pidFile())]).toEqual([false, false]);
    for (const answer of await Promise.all(asked)) expect([201, 503, 'ECONNRESET', 'ECONNREFUSED']).toContain(answer);
  }, 120_000);

  it('keeps its secrets from other users of the machine', () => {
    const files = ['keys/administrator.key', 'keys/token.key', 'keys/approval.pem', 'keys/audit.pem', 'pg/password'];
    expect(files.map((file) => [file, statSync(join(folder, file)).mode & 0o777])).toEqual(
      files.map((file) => [file, 0o600]),
    );
  });

  const completed = (id: string): Promise<true> =>
    eventually('the end of the migration', async () => {
      const { status } = await done(200, 'GET', `/api/v1/migrations/${id}/status`);
      return status === 'completed' ? true : undefined;
    });

  it('goes on with its data after a restart', async () => {
    await start();
    await completed(migration);
    const client = surviving(new pg.Client({ connectionString: target.url }));
    await client.connect();
    const { rows } = await client.query(`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`);
    await client.end();
    expect(rows).toEqual([{ n: 40 }]);
  }, 120_000);

  it('survives the end of every database session it holds, and goes on with new ones', async () => {
    const port = readFileSync(pidFile(), 'utf8').split('\n')[3] ?? '';
    const password = readFileSync(join(folder, 'pg', 'password'), 'utf8');
    const own = surviving(new pg.Client(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`));
    const far = surviving(new pg.Client(target.url));
    await Promise.all([own.connect(), far.connect()]);
    const held = async (): Promise<string[]> =>
      (await own.query<{ name: string }>(longLived)).rows.map(({ name }) => name).sort();
    const allHeld = (): Promise<true> =>
      eventually('each long-lived session', async () =>
        (await held()).join() === everySession.join() ? true : undefined,
      );
    try {
      await allHeld();
      for (let round = 0; round < 5; round++) {
        await own.query(`${endAll} AND datname = 'dsem'`);
        await far.query(`${endAll} AND datname = current_database()`);
        await sleep(200 * round);
      }
      await allHeld();
    } finally {
      await Promise.all([own.end(), far.end()]);
    }
    const body = { name: 'many', database: 'postgresql', definition: `${tables}\nCREATE TABLE t40 (id bigint);` };
    await done(201, 'POST', '/api/v1/schemas', { body });
    const made = await done(201, 'POST', '/api/v1/migrations', { body: { schema: 'many', environments: ['dev'] } });
    await eventually('planning', async () => {
      const { status } = await done(200, 'GET', `/api/v1/migrations/${String(made['id'])}`);
      return status === 'approved' ? true : undefined;
    });
    await done(200, 'POST', `/api/v1/migrations/${String(made['id'])}/execute`, { body: {} });
    await completed(String(made['id']));
  }, 120_000);

  it('leaves a statement that runs long to the next process, and ends in order', async () => {
    const far = surviving(new pg.Client(target.url));
    await far.connect();
    const slow = `CREATE FUNCTION slow(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
      AS $$ SELECT n FROM (SELECT pg_sleep(0.01)) s $$;`;
    const before = `${tables}\nCREATE TABLE t40 (id bigint);\n${slow}`;
    const rolledOut = async (definition: string): Promise<string> => {
      const body = { name: 'many', database: 'postgresql', definition };
      const { version } = await done(201, 'POST', '/api/v1/schemas', { body });
      const wish = { schema: 'many', version: (version as { version: string }).version, environments: ['dev'] };
      const id = String((await done(201, 'POST', '/api/v1/migrations', { body: wish }))['id']);
      await eventually('planning', async () => {
        const { status } = await done(200, 'GET', `/api/v1/migrations/${id}`);
        return status === 'approved' ? true : undefined;
      });
      await done(200, 'POST', `/api/v1/migrations/${id}/execute`, { body: {} });
      return id;
    };
    const index = async (): Promise<unknown[]> =>
      (await far.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('slowly')`)).rows;
    try {
      await completed(await rolledOut(before));
      await far.query('INSERT INTO t0 SELECT generate_series(1, 2000)');
      const id = await rolledOut(`${before}\nCREATE INDEX slowly ON t0 (slow(id));`);
      await eventually('the long statement', async () => ((await index()).length > 0 ? true : undefined));
      expect(await stop(running as Process, 'SIGTERM')).toBe(0);
      expect([existsSync(pidFile()), await index()]).toEqual([false, [{ indisvalid: false }]]);
      expect(said).toContain('statements that still run are left to the next process');
      await start();
      await completed(id);
      expect(await index()).toEqual([{ indisvalid: true }]);
    } finally {
      await far.end();
    }
  }, 180_000);

  it('starts again after kill -9, beside the PostgreSQL that it left behind', async () => {
    const left = postgresPid();
    if (running !== undefined) expect(await stop(running, 'SIGKILL')).toBe('SIGKILL');
    expect(alive(left)).toBe(true);
    await start();
    expect(alive(left)).toBe(false);
    expect(await done(200, 'GET', '/api/v1/schemas/many')).toMatchObject({ versions: 4 });
  }, 120_000);

  it('starts again after both were killed, though their id belongs to somebody else by now', async () => {
    const left = postgresPid();
    const lines = readFileSync(pidFile(), 'utf8').split('\n');
    if (running !== undefined) await stop(running, 'SIGKILL');
    process.kill(left, 'SIGKILL');
    await eventually('the end of PostgreSQL', () => Promise.resolve(alive(left) ? undefined : true));
    writeFileSync(pidFile(), [String(process.pid), ...lines.slice(1)].join('\n'));
    const again = await start();
    expect(await done(200, 'GET', '/api/v1/schemas/many')).toMatchObject({ versions: 4 });
    const postgres = postgresPid();
    expect(await stop(again, 'SIGINT')).toBe(0);
    expect(alive(postgres)).toBe(false);
  }, 120_000);

  it('leaves nothing behind when it is stopped while it starts', async () => {
    const early = (running = run(standalone, { PORT: '0', DSEM_DATA_DIR: folder }));
    await eventually('its first words', () => Promise.resolve(early.said().includes('opening') ? true : undefined));
    const postgres = postgresPid();
    expect(await stop(early, 'SIGTERM')).toBe(143);
    await eventually('the end of PostgreSQL', () => Promise.resolve(alive(postgres) ? undefined : true));
  }, 60_000);

  it('says that its port is in use, and leaves nothing behind', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address() as { port: number };
    const refused = run(standalone, { PORT: String(address.port), DSEM_DATA_DIR: folder });
    expect([await refused.ended, existsSync(pidFile())]).toEqual([78, false]);
    const line = refused.said().trim().split('\n').at(-1);
    expect(line).toMatch(new RegExp(`^DSEM-1017 .*127\\.0\\.0\\.1:${address.port} is in use.*PORT`));
    expect(refused.said()).not.toMatch(/^ +at /m);
    taken.close();
  }, 60_000);

  it('logged no secret at any level', () => {
    expect(said.length).toBeGreaterThan(10_000);
    const secrets = [
      canary,
      ...['keys/administrator.key', 'keys/token.key', 'pg/password'].map((file) =>
        readFileSync(join(folder, file), 'utf8').trim().slice(-40),
      ),
    ];
    for (const secret of secrets)
      expect(
        said
          .split('\n')
          .filter((line) => line.includes(secret))
          .slice(0, 3),
      ).toEqual([]);
  });
});

describe('a process with a wrong configuration', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dsem-config-')), 'file');
  writeFileSync(file, `{"agent": "${canary}`);
  const service = {
    DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c',
    DSEM_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
  const agent = 'apps/environment-agent/src/main.ts';
  const agentService = {
    KAFKA_BROKERS: '127.0.0.1:1',
    DSEM_ENDPOINT: 'http://127.0.0.1:1',
    DSEM_API_KEY: mintKey('agent', 'ab').text,
    DSEM_AGENT_CONFIG: '{"agent":"a","environments":[{"name":"e","url":"postgresql://a@b/c"}]}',
    DSEM_APPROVAL_PUBLIC_KEY: generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString(),
    DSEM_DATA_DIR: join(file, '..', 'agent'),
  };
  const cutOff = mkdtempSync(join(tmpdir(), 'dsem-config-'));
  chmodSync(cutOff, 0o711);
  mkdirSync(join(cutOff, 'keys'));
  writeFileSync(join(cutOff, 'keys', 'approval.pem'), '-----BEGIN PRIVATE KEY-----\n');
  const badKey = '-----BEGIN PRIVATE KEY-----\nbm9uZQ==\n-----END PRIVATE KEY-----';

  it.each<[string, string, Record<string, string>, number, RegExp]>([
    ['a port that is no number', standalone, { PORT: 'many' }, 78, /^DSEM-1017 .*PORT: got "many"/],
    [
      'a database of another engine',
      standalone,
      { DATABASE_URL: `mysql://root:${canary}@db/x` },
      78,
      /^DSEM-1017 .*DATABASE_URL/,
    ],
    ['a log level there is not', standalone, { LOG_LEVEL: 'loud' }, 78, /^DSEM-1017 .*LOG_LEVEL: got "loud"/],
    ['an agent file that is cut off', standalone, { DSEM_AGENT_CONFIG: file }, 78, /^DSEM-1017 .*DSEM_AGENT_CONFIG/],
    ['a data folder that is a file', standalone, { DSEM_DATA_DIR: file, PORT: '0' }, 78, /^DSEM-1017 .*file/],
    [
      'a database that is not there',
      standalone,
      {
        DATABASE_URL: `postgresql://a:${canary}@127.0.0.1:1/x`,
        DSEM_DATA_DIR: join(file, '..', 'data'),
        DSEM_START_WAIT_SECONDS: '0',
        PORT: '0',
      },
      1,
      /^DSEM-3001 .*127\.0\.0\.1:1/m,
    ],
    ['nothing', 'apps/standalone/src/migrate.ts', {}, 78, /^DSEM-1017 .*DATABASE_URL: got nothing/],
    ['nothing', 'apps/registry/src/main.ts', {}, 78, /^DSEM-1017 .*DATABASE_URL.*DSEM_TOKEN_KEY/],
    ['nothing', 'apps/validator/src/main.ts', {}, 78, /^DSEM-1017 .*DATABASE_URL/],
    ['nothing', 'apps/gateway/src/main.ts', {}, 78, /^DSEM-1017 .*DATABASE_URL/],
    ['nothing', 'apps/environment-agent/src/main.ts', {}, 78, /^DSEM-1017 .*KAFKA_BROKERS/],
    [
      'a key that cannot sign',
      'apps/audit/src/main.ts',
      { ...service, DSEM_AUDIT_KEY: badKey },
      78,
      /^DSEM-1017 .*DSEM_AUDIT_KEY: got \(hidden\)/,
    ],
    [
      'a key that cannot sign',
      'apps/orchestrator/src/main.ts',
      { ...service, DSEM_APPROVAL_KEY: badKey },
      78,
      /^DSEM-1017 .*DSEM_APPROVAL_KEY: got \(hidden\)/,
    ],
    [
      'a database that is not there',
      'apps/registry/src/main.ts',
      { ...service, DSEM_START_WAIT_SECONDS: '0' },
      1,
      /^DSEM-3001 /,
    ],
    [
      'a key file that is cut off',
      standalone,
      { DSEM_DATA_DIR: cutOff, PORT: '0' },
      78,
      /^DSEM-1017 .*approval\.pem does not hold an Ed25519 private key/m,
    ],
    [
      'brokers that are not there',
      agent,
      { ...agentService, DSEM_START_WAIT_SECONDS: '1', LOG_LEVEL: 'silent' },
      1,
      /^DSEM-9007 .*127\.0\.0\.1:1 answered within 1 seconds.*KAFKA_BROKERS/,
    ],
    [
      'a key that is no public one',
      agent,
      { ...agentService, DSEM_APPROVAL_PUBLIC_KEY: '-----BEGIN PUBLIC KEY-----' },
      78,
      /^DSEM-1017 .*DSEM_APPROVAL_PUBLIC_KEY: got \(hidden\), wanted the orchestrator's Ed25519 public key/,
    ],
    [
      'an API key of somebody else',
      agent,
      { ...agentService, DSEM_API_KEY: mintKey('user', 'ab').text },
      78,
      /^DSEM-1017 .*DSEM_API_KEY: got \(hidden\), wanted an API key of kind agent/,
    ],
  ])(
    'with %s, %s says what is wrong in one line',
    async (_, main, env, code, line) => {
      const refused = run(main, env);
      expect([await refused.ended, refused.said()]).toEqual([code, expect.stringMatching(line)]);
      const lines = refused
        .said()
        .trim()
        .split('\n')
        .filter((each) => !each.startsWith('…'));
      expect(lines).toHaveLength(1);
      expect(refused.said()).not.toContain(canary);
    },
    60_000,
  );
});
