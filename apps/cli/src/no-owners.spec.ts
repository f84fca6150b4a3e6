import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsem } from './testing.js';

const table = 'CREATE TABLE t (id bigint);';
const files: Readonly<Record<string, string>> = {
  'owned.sql': `${table} CREATE VIEW v AS SELECT id FROM t; ALTER TABLE t OWNER TO keeper; ALTER VIEW v OWNER TO keeper; REVOKE ALL ON v FROM keeper; GRANT SELECT ON v TO keeper;`,
  'silent.sql': `${table} CREATE VIEW v AS SELECT id::text FROM t; GRANT ALL ON t TO keeper;`,
  'moved.sql': `${table} CREATE VIEW v AS SELECT id FROM t; ALTER TABLE t OWNER TO clerk; ALTER VIEW v OWNER TO CURRENT_USER;`,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-owners-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = async (...argv: readonly string[]): Promise<string> =>
  (await dsem([...argv, '--engine', 'postgresql'], { cwd: folder })).out;

describe('owners', () => {
  it('stay as they are where the later state does not name them, with what they may do', async () => {
    const pair = ['--from', 'owned.sql', '--to', 'silent.sql'];
    expect(await asked('diff', ...pair)).not.toMatch(/owner|keeper/u);
    const statements = await asked('plan', ...pair, '-o', 'sql');
    expect(statements).toMatch(/CREATE VIEW "public"."v"[^]*ALTER VIEW "public"."v" OWNER TO "keeper"[^]*REVOKE/u);
    expect(statements).not.toContain('"t"');
  });

  it('change where the later state names another one', async () => {
    const statements = await asked('plan', '--from', 'owned.sql', '--to', 'moved.sql', '-o', 'sql');
    expect(statements).toContain('ALTER TABLE "public"."t" OWNER TO "clerk"');
    expect(statements).not.toContain('"v"');
    const found = await asked('plan', '--from', 'owned.sql', '--to', 'moved.sql', '-o', 'json');
    expect(found).toContain('public.t goes from keeper to clerk.');
  });

  it('are left out of what is printed and compared by --no-owners', async () => {
    expect(await asked('inspect', 'owned.sql', '-o', 'sql')).toContain('ALTER TABLE "public"."t" OWNER TO "keeper"');
    expect(await asked('inspect', 'owned.sql', '-o', 'sql', '--no-owners')).not.toContain('OWNER TO');
    expect(await asked('diff', '--from', 'owned.sql', '--to', 'moved.sql', '--no-owners')).toBe('No change.\n');
  });
});
