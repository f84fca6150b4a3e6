import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsem } from './testing.js';

const table = 'CREATE TABLE t (id bigint, mail text);';
const files: Readonly<Record<string, string>> = {
  'live.sql': `${table} CREATE VIEW v AS SELECT id FROM t; GRANT SELECT ON t, v TO clerk; GRANT UPDATE (mail) ON t TO clerk; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk;`,
  'wanted.sql':
    'CREATE TABLE t (id bigint); CREATE VIEW v AS SELECT id::text FROM t; GRANT ALL ON t TO PUBLIC; CREATE TABLE fresh (id int);',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-privileges-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = async (...argv: readonly string[]): Promise<string> =>
  (await dsem([...argv, '--engine', 'postgresql'], { cwd: folder })).out;

describe('--no-privileges', () => {
  const pair = ['--from', 'live.sql', '--to', 'wanted.sql'];

  it('leaves privileges out of what inspect prints', async () => {
    expect(await asked('inspect', 'live.sql', '-o', 'sql')).toContain('GRANT SELECT ON TABLE "public"."t" TO "clerk"');
    expect(await asked('inspect', 'live.sql', '-o', 'sql', '--no-privileges')).not.toContain('GRANT');
  });

  it('compares nothing of them but what goes with its object', async () => {
    expect(await asked('diff', ...pair)).toContain('public on public.t');
    const told = await asked('diff', ...pair, '--no-privileges');
    expect(told).not.toContain('public on public.t');
    expect(told).not.toContain('on tables');
    expect(told).toContain('clerk on public.t.mail');
  });

  it('gives back to a view that is made anew what it had', async () => {
    const statements = await asked('plan', ...pair, '--no-privileges', '-o', 'sql');
    expect(statements).toMatch(/CREATE VIEW "public"."v"[^]*GRANT SELECT ON TABLE "public"."v" TO "clerk"/u);
    expect(statements).not.toContain('PUBLIC');
    expect(statements).not.toMatch(/REVOKE[^;]*fresh/u);
  });
});
