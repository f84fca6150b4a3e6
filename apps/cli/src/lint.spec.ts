import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, type Exit } from './exit-codes.js';
import { shapes } from './json-schemas.js';
import { dsem, type Outcome } from './testing.js';

const pg = ['--engine', 'postgresql'];
const files: Readonly<Record<string, string>> = {
  'a/001.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX users_name ON users (name);\n',
  'a/002.sql': 'SET lock_timeout = 3000;\nALTER TABLE users ADD COLUMN born date;\nDROP TABLE users;\n',
  'a/002.down.sql': 'DROP TABLE users;\n',
  'b/001.sql': 'SELECT 1;\n',
  'b/002.sql': 'CREATE TABL x ();\n',
  'b/003.sql': 'DROP TABLE users;\n',
  'clean.sql': 'CREATE TABLE t (id bigint PRIMARY KEY);\n',
  'warning.sql': 'ALTER TABLE users ADD COLUMN born date;\n',
  'dump.sql':
    '-- PostgreSQL database dump\n\\connect shop\nCREATE TABLE t (id bigint PRIMARY KEY);\nCOPY t FROM stdin;\n1\n\\.\n',
  'state.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n',
  'null.sql': "SET lock_timeout = '3s';\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\n",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-lint-'));
  for (const name of ['a', 'b', 'none']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lint = (...argv: string[]): Promise<Outcome> => dsem(['lint', ...argv], { cwd: folder });

interface Answer {
  readonly statements: readonly { readonly index: number; readonly kind: string; readonly location: object }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly location: { readonly file: string; readonly line: number };
  }[];
  readonly errors: readonly { readonly code: string; readonly location: { readonly file: string } }[];
}

const answer = async (...argv: string[]): Promise<Answer> =>
  JSON.parse((await lint(...argv, ...pg, '-o', 'json')).out) as Answer;

describe('dsem lint ends', () => {
  it.each<readonly [readonly string[], Exit]>([
    [['clean.sql', ...pg], 'fine'],
    [['warning.sql', ...pg], 'fine'],
    [['warning.sql', ...pg, '--fail-level', 'warning'], 'incompatible'],
    [['warning.sql', ...pg, '--fail-level', 'info'], 'incompatible'],
    [['warning.sql', ...pg, '--rule', 'pg-missing-lock-timeout=error'], 'incompatible'],
    [['warning.sql', ...pg, '--fail-level', 'info', '--rule', 'pg-missing-lock-timeout=off'], 'fine'],
    [['a', ...pg], 'incompatible'],
    [['a', ...pg, '--fail-level', 'never'], 'fine'],
    [['a', ...pg, '--rule', 'drop-table=warning'], 'fine'],
    [['b', ...pg], 'refused'],
    [['b/002.sql', ...pg], 'refused'],
    [['dump.sql'], 'fine'],
    [['null.sql', ...pg], 'incompatible'],
    [['null.sql', ...pg, '--state', 'state.sql'], 'fine'],
    [['clean.sql'], 'usage'],
    [[...pg], 'usage'],
    [['clean.sql', ...pg, '--fail-level', 'high'], 'usage'],
    [['clean.sql', ...pg, '--rule', 'drop-tabel=off'], 'usage'],
    [['clean.sql', ...pg, '--rule', 'drop-table=loud'], 'usage'],
    [['-', '-', ...pg], 'usage'],
    [['missing.sql', ...pg], 'refused'],
    [['none', ...pg], 'refused'],
    [['clean.sql', '--engine', 'mysql'], 'refused'],
    [['clean.sql', ...pg, '--engine-version', '9'], 'refused'],
  ])('%j with %s', async (argv, exit) => {
    expect((await lint(...argv)).code).toBe(exitCodes[exit].code);
  });
});

describe('dsem lint answers', () => {
  it('statement by statement, in the order of the names, in the published shape', async () => {
    const { out } = await lint('a', 'clean.sql', ...pg, '-o', 'json');
    expect(shapes.Lint.safeParse(JSON.parse(out)).error).toBeUndefined();
    const { statements, findings } = JSON.parse(out) as Answer;
    expect(statements.map(({ index, kind }) => [index, kind])).toEqual([
      [0, 'create-table'],
      [1, 'create-index'],
      [2, 'set'],
      [3, 'alter-table'],
      [4, 'drop-table'],
      [5, 'create-table'],
    ]);
    expect(statements[4]?.location).toEqual({ file: join('a', '002.sql'), line: 3, column: 1 });
    expect(findings).toEqual([expect.objectContaining({ rule: 'drop-table', statement: 4 })]);
  });

  it('for the other scripts when one is broken, and names that one with its place', async () => {
    const { findings, errors } = await answer('b');
    expect(errors).toEqual([
      expect.objectContaining({ code: 'DSEM-2001', location: { file: join('b', '002.sql'), line: 1, column: 8 } }),
    ]);
    expect(findings.map(({ rule, location }) => [rule, location.file])).toContainEqual([
      'drop-table',
      join('b', '003.sql'),
    ]);
    const said = await lint('b', ...pg);
    expect(said.err).toContain(`at   ${join('b', '002.sql')}:1:8`);
  });

  it('with a refusal when the only script is broken', async () => {
    const { out } = await lint('b/002.sql', ...pg, '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'DSEM-2001', location: { line: 1, column: 8 } } });
  });

  it.each(['sarif', 'junit', 'markdown', 'github'])('as %s, broken scripts among the findings', async (format) => {
    const { out } = await lint('b', ...pg, '-o', format);
    expect(out).toContain('unparsable-statement');
    expect(out).toContain('drop-table');
  });

  it('for standard input', async () => {
    const { out } = await dsem(['lint', '-', ...pg], { stdin: 'DROP TABLE a;' });
    expect(out).toContain('<stdin>:1:1');
  });

  it('the rules, with what was asked of them', async () => {
    const { out } = await lint('--rules', '-o', 'json', '--rule', 'drop-table=info');
    expect(shapes.LintRules.safeParse(JSON.parse(out)).error).toBeUndefined();
    const { rules } = JSON.parse(out) as { rules: { id: string; severity: string }[] };
    const of = (id: string): string | undefined => rules.find((rule) => rule.id === id)?.severity;
    expect([of('drop-table'), of('drop-column'), of('pg-unqualified-name')]).toEqual(['info', 'error', 'off']);
    expect((await lint('--rules')).out).toMatch(/^drop-column +error +A column is dropped$/m);
  });
});

describe('batch lint', () => {
  const ask = async (request: object): Promise<Answer & { error?: { code: string } }> =>
    JSON.parse((await dsem(['batch'], { stdin: JSON.stringify(request) })).out) as Answer & {
      error?: { code: string };
    };
  const request = { id: 3, verb: 'lint', engine: 'postgresql' };

  it('answers like the verb, with the id', async () => {
    const got = await ask({
      ...request,
      sql: 'CREATE INDEX CONCURRENTLY i ON t (a);',
      state: 'CREATE TABLE t (a int);',
      inTransaction: true,
    });
    expect(shapes.Lint.safeParse(got).error).toBeUndefined();
    expect(got).toMatchObject({
      id: 3,
      findings: [{ rule: 'pg-concurrently-in-tx', location: { line: 1, column: 1 } }],
    });
  });

  it('takes severities, a version and a file name', async () => {
    const got = await ask({
      ...request,
      sql: 'DROP TABLE a;',
      file: 'x.sql',
      engineVersion: '13',
      rules: { 'pg-missing-lock-timeout': 'off' },
    });
    expect(got.findings).toEqual([
      expect.objectContaining({ rule: 'drop-table', location: { file: 'x.sql', line: 1, column: 1 } }),
    ]);
  });

  it('answers broken SQL with the error', async () => {
    expect(await ask({ ...request, sql: 'DROP TABEL a;' })).toMatchObject({ id: 3, error: { code: 'DSEM-2001' } });
  });
});
