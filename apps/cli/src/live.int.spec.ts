import { describeWithServer, server, surviving, type TestDatabase } from '@dsem/testkit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { dsem } from './testing.js';

/** Spellings that only the server can tell to be its own. */
const text = `
CREATE TABLE t (a integer, b integer, j jsonb, CONSTRAINT pair CHECK ((a, b) = (1, 2)));
CREATE INDEX deep ON t ((j #>> '{a,b}'));
CREATE VIEW v AS SELECT CASE a WHEN 1 THEN true END AS one FROM t;`;

describeWithServer('postgresql', 'a live database as one of two states', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dsem-live-'));
  const file = join(folder, 'desired.sql');
  let database: TestDatabase;
  beforeAll(async () => {
    database = await (await server('postgresql')).createDatabase();
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    await client.query(text);
    await client.end();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it.each(['plan', 'diff'])('makes an empty %s where the file differs in spelling only', async (verb) => {
    writeFileSync(file, text);
    for (const [from, to] of [
      [database.url, file],
      [file, database.url],
    ] as const) {
      const { code, out } = await dsem([verb, '--from', from, '--to', to, '-o', 'json']);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ changes: [] });
    }
  });

  it('still sees what really differs', async () => {
    writeFileSync(file, text.replace('(1, 2)', '(1, 3)'));
    const { code, out } = await dsem(['diff', '--from', database.url, '--to', file, '-o', 'json']);
    expect(code).toBe(2);
    const { changes } = JSON.parse(out) as { readonly changes: readonly { readonly object: string }[] };
    expect(changes.map(({ object }) => object)).toEqual(['public.t.pair', 'public.t.pair']);
  });
});
