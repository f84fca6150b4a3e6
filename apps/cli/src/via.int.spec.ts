import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import pg from 'pg';
import { dsem } from './testing.js';

const files = {
  '001.sql': `\\restrict key
CREATE TABLE t (a int PRIMARY KEY, b text);
COPY t FROM stdin;
1\tx
\\.
`,
  '002.sql': `CREATE TABLE u AS SELECT a, count(*) AS n FROM t GROUP BY a;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I (z int)', 'made_' || 1); END $$;
SELECT format('CREATE VIEW v%s AS SELECT * FROM t', i) FROM generate_series(1, 2) i \\gexec
`,
  'role.sql': 'CREATE TABLE t (a int);\n\nALTER TABLE t OWNER TO dsem_nobody_there;',
  'owner.sql': 'CREATE TABLE t (a int);\n\nALTER TABLE t OWNER TO CURRENT_USER;',
  'broken.sql': "CREATE TABLE t (a int);\nSELECT 'é',\n  nosuch;",
  'syntax.sql': 'CREATE TABLE t (a int);\nCREATE TABEL u (a int);',
};
const pgsql = ['--engine', 'postgresql'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-via-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = (via: string, ...names: readonly string[]) => {
  const history = mkdtempSync(join(folder, 'history-'));
  for (const name of names) writeFileSync(join(history, name), files[name as keyof typeof files]);
  return dsem(['inspect', history, ...pgsql, '--via', via, '-o', 'json'], { cwd: folder });
};
const namesIn = (out: string): readonly string[] => {
  const { definition } = JSON.parse(out) as {
    readonly definition: Record<'tables' | 'views', readonly { readonly name: string }[]>;
  };
  return [...definition.tables, ...definition.views].map(({ name }) => name);
};

const suite = (): void => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
  });
  afterAll(() => database.drop());

  const scratches = async (): Promise<number> => {
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    try {
      const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname LIKE 'dsem\\_scratch\\_%'");
      return rowCount ?? 0;
    } finally {
      await client.end();
    }
  };

  it('takes what scripts make on a scratch database of a server, and leaves nothing there', async () => {
    const { code, out, err } = await inspect(database.url, '001.sql', '002.sql');
    expect([code, namesIn(out)]).toEqual([0, ['made_1', 't', 'u', 'v1', 'v2']]);
    expect(err).toContain('001.sql:3:1: did not run COPY');
    expect(await scratches()).toBe(0);
  });

  it('gives nothing to whoever replays, and says that owners are left out', async () => {
    const { code, out, err } = await inspect(database.url, 'owner.sql');
    expect([code, out.includes('OWNERSHIP')]).toEqual([0, false]);
    expect(err).toContain('owners are left out');
  });

  it.each([
    ['role.sql', 'DSEM-2004', { line: 3, column: 1 }, '--via embedded'],
    ['broken.sql', 'DSEM-2004', { line: 3, column: 3 }, 'nosuch'],
    ['syntax.sql', 'DSEM-2001', { line: 2, column: 8 }, 'TABEL'],
  ])('tells where %s fails with the server’s words, and leaves nothing there', async (name, code, place, words) => {
    const { code: ended, out } = await inspect(database.url, name);
    const { error } = JSON.parse(out) as { readonly error: Record<string, unknown> };
    expect(ended).toBe(1);
    expect(error).toMatchObject({ code, location: place, detail: expect.stringContaining(words) as string });
    expect(await scratches()).toBe(0);
  });

  it('does so on a server of its own, with the roles that scripts name', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('dsem-scratch-'));
    const { code, out, err } = await inspect('embedded', 'role.sql');
    expect([code, namesIn(out)]).toEqual([0, ['t']]);
    expect(err).toContain('made the role dsem_nobody_there');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('dsem-scratch-'))).toEqual(before);
  }, 120_000);

  it('refuses a server of another kind, and one that is not there', async () => {
    expect((await inspect('mysql://localhost/x', 'role.sql')).code).toBe(64);
    expect((await inspect('postgresql://localhost:1/x', 'role.sql')).code).toBe(6);
  });

  it('leaves nothing there when it is interrupted', async () => {
    writeFileSync(join(folder, 'slow.sql'), 'SELECT pg_sleep(60);');
    const bin = join(import.meta.dirname, '..', 'bin', 'dsem.js');
    const child = spawn(process.execPath, [bin, 'inspect', 'slow.sql', ...pgsql, '--via', database.url], {
      cwd: folder,
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    for (let left = 200; left > 0 && (await scratches()) === 0; left--) await new Promise((go) => setTimeout(go, 100));
    expect(await scratches()).toBe(1);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await scratches()).toBe(0);
  });
};

describeWithServer('postgresql', 'scripts replayed on a scratch database', suite);
