import type { LintInput, LintReport } from '@dsem/engine';
import { parse } from '../parse.js';
import { judge } from './judge.js';

type Given = Partial<Omit<LintInput, 'sources' | 'state'>> & { readonly state?: string };

const lint = async (texts: string | readonly string[], { state, ...given }: Given = {}): Promise<LintReport> =>
  judge({
    sources: [texts].flat().map((text, at) => ({ text, file: `${at + 1}.sql` })),
    ...(state === undefined ? {} : { state: (await parse([{ text: state }])).schema }),
    version: '18',
    inTransaction: false,
    ...given,
  });

const places = ({ findings }: LintReport): readonly string[] =>
  findings.map(({ rule, location }) => `${location?.file}:${location?.line}:${location?.column} ${rule}`);
const rulesOf = ({ findings }: LintReport): readonly string[] =>
  findings.map(({ rule, severity }) => `${severity} ${rule}`);

describe('a report', () => {
  it('tells each statement with kind, objects, lock, cost and place', async () => {
    const text = `-- ä comment with 𝄞
CREATE TABLE t (id bigint PRIMARY KEY);

  ALTER TABLE ü ADD COLUMN a int, DROP COLUMN b; VACUUM x;
SELECT 1`;
    expect((await lint(text)).statements).toEqual([
      {
        index: 0,
        kind: 'create-table',
        objects: ['public.t'],
        lock: { level: 'None', blocks: 'none' },
        cost: 'meta',
        location: { file: '1.sql', line: 2, column: 1 },
      },
      {
        index: 1,
        kind: 'alter-table',
        objects: ['public."ü".a', 'public."ü".b'],
        lock: { level: 'AccessExclusive', blocks: 'brief' },
        cost: 'meta',
        location: { file: '1.sql', line: 4, column: 3 },
      },
      {
        index: 2,
        kind: 'vacuum',
        objects: ['public.x'],
        lock: { level: 'ShareUpdateExclusive', blocks: 'none' },
        cost: 'scan',
        location: { file: '1.sql', line: 4, column: 50 },
      },
      {
        index: 3,
        kind: 'select',
        objects: [],
        lock: { level: 'None', blocks: 'none' },
        cost: 'meta',
        location: { file: '1.sql', line: 5, column: 1 },
      },
    ]);
  });

  it.each([
    ['CREATE INDEX CONCURRENTLY i ON t (a)', 'ShareUpdateExclusive', 'none', 'build'],
    ['CREATE INDEX i ON t (a)', 'Share', 'writes', 'build'],
    ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b (id)', 'ShareRowExclusive', 'writes', 'scan'],
    ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b (id) NOT VALID', 'ShareRowExclusive', 'brief', 'meta'],
    ['ALTER TABLE t ALTER a SET NOT NULL', 'AccessExclusive', 'all', 'scan'],
    ['ALTER TABLE t VALIDATE CONSTRAINT c', 'ShareUpdateExclusive', 'none', 'scan'],
    ['DO $$ BEGIN DROP TABLE t; END $$', 'AccessExclusive', 'brief', 'meta'],
  ])('says of %s: %s, blocks %s, %s', async (sql, level, blocks, cost) => {
    const [one] = (await lint(sql)).statements;
    expect(one).toMatchObject({ lock: { level, blocks }, cost });
  });

  it('names the broken script with its place and goes on with the others', async () => {
    const report = await lint(['DROP TABLE a;', 'DROP TABL b;', 'SELECT 1;\nDROP TABLE c;']);
    expect(report.broken.map(({ code, location }) => [code, location])).toEqual([
      ['DSEM-2001', { file: '2.sql', line: 1, column: 6 }],
    ]);
    expect(places(report).filter((place) => place.endsWith('drop-table'))).toEqual([
      '1.sql:1:1 drop-table',
      '3.sql:2:1 drop-table',
    ]);
  });

  it('passes over what only psql understands, with places kept', async () => {
    const report = await lint('\\set ON_ERROR_STOP on\nCOPY t FROM stdin;\nDROP TABLE x;\n\\.\nDROP TABLE y;\n');
    expect(places(report).filter((place) => place.endsWith('drop-table'))).toEqual(['1.sql:5:1 drop-table']);
    expect(report.notes.map(({ location }) => location?.line)).toEqual([1, 2]);
  });

  it('reads text as deep as parse does, and no deeper', async () => {
    const report = await lint([
      'SELECT 1;',
      `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)};`,
      `SELECT ${'1+'.repeat(200)}1;`,
    ]);
    expect(report.broken.length).toBe(1);
    expect(report.statements.length).toBe(2);
  });
});

describe('what is known', () => {
  const state = 'CREATE TABLE t (id bigint PRIMARY KEY, a int, b varchar(10))';

  it('follows from script to script, but only the own script is new', async () => {
    const report = await lint([
      'CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5)); CREATE INDEX i ON t (a);',
      'CREATE INDEX j ON t (id, a); ALTER TABLE t ALTER a TYPE varchar(9);',
    ]);
    expect(rulesOf(report).filter((rule) => rule.startsWith('error'))).toEqual(['error pg-index-not-concurrent']);
  });

  it.each([
    ['DROP TABLE IF EXISTS nothing', []],
    [
      'DROP TABLE t; CREATE TABLE t (id bigint PRIMARY KEY); CREATE INDEX i ON t (id)',
      ['error drop-table', 'warning duplicate-index'],
    ],
    ['ALTER TABLE t RENAME TO u; CREATE TABLE t (id bigint PRIMARY KEY); ALTER TABLE t ADD CHECK (id > 0)', []],
    ['CREATE TABLE n (id bigint PRIMARY KEY); ALTER TABLE n RENAME TO m; CREATE INDEX i ON m ((id + 1))', []],
  ])('comes from the state: %s', async (sql, expected) => {
    const quiet = { 'pg-missing-lock-timeout': 'off', 'pg-missing-statement-timeout': 'off' } as const;
    expect(rulesOf(await lint(sql, { state, severities: quiet }))).toEqual(expected);
  });

  it.each([
    [{ rows: 1_000_000, bytes: 2 ** 30 }, ['error pg-index-not-concurrent']],
    [{ rows: 9_000, bytes: 2 ** 20 * 2 }, ['info pg-index-not-concurrent']],
    [{ rows: 9_000, bytes: 2 ** 30 }, ['error pg-index-not-concurrent']],
    [{ rows: 0, bytes: 16_384 }, []],
  ])('weighs by size: %j', async (size, expected) => {
    const report = await lint('CREATE INDEX i ON t (a)', { state, sizes: new Map([['public.t', size]]) });
    expect(rulesOf(report).filter((rule) => rule.endsWith('concurrent'))).toEqual(expected);
  });

  it('still tells of an empty table that clients lose', async () => {
    const report = await lint('DROP TABLE t', { state, sizes: new Map([['public.t', { rows: 0, bytes: 0 }]]) });
    expect(rulesOf(report)).toContain('error drop-table');
  });

  it('follows the search path', async () => {
    const report = await lint(
      'SET search_path = app, public; CREATE TABLE t (id bigint PRIMARY KEY); DROP TABLE app.t; DROP TABLE public.t',
    );
    expect(report.findings.filter(({ rule }) => rule === 'drop-table').map(({ object }) => object)).toEqual([
      'public.t',
    ]);
  });
});

describe('places of findings', () => {
  it('are those of the statement, the column, or the line of a body', async () => {
    const report = await lint(`CREATE TABLE t (
  id bigint PRIMARY KEY,
  ä json
);
DO $body$
BEGIN
  IF true THEN
    DELETE FROM users;
  END IF;
  EXECUTE 'TRUNCATE users';
END $body$;
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$
  SELECT 1;
  DROP TABLE users;
$$;`);
    expect(places(report).filter((place) => /json|delete|truncate|drop-table/.test(place))).toEqual([
      '1.sql:3:3 pg-json-not-jsonb',
      '1.sql:8:5 delete-without-where',
      '1.sql:10:11 truncate',
      '1.sql:14:3 drop-table',
    ]);
  });

  it('are what nolint comments speak of', async () => {
    const text = `-- dsem: nolint-file pg-missing-lock-timeout the runner sets it
/* dsem: nolint drop-table agreed */
DROP TABLE a;
CREATE TABLE t (
  id bigint PRIMARY KEY,
  a json, -- dsem: nolint pg-json-not-jsonb keeps the order of keys
  b json
);
SELECT '-- dsem: nolint drop-table no comment';
DROP TABLE b;`;
    expect(places(await lint(text))).toEqual(['1.sql:7:3 pg-json-not-jsonb', '1.sql:10:1 drop-table']);
  });
});

it('a rule that is asked for is told, one that is off is not', async () => {
  const severities = {
    'drop-table': 'off',
    'pg-unqualified-name': 'error',
    'pg-missing-lock-timeout': 'info',
  } as const;
  expect(rulesOf(await lint('DROP TABLE a; INSERT INTO b VALUES (1)', { severities }))).toEqual([
    'info pg-missing-lock-timeout',
    'error pg-unqualified-name',
  ]);
});

it('a thousand statements in one script are judged in a moment', async () => {
  const text = Array.from({ length: 3000 }, (_, n) => `ALTER TABLE t${n} ADD COLUMN ä${n} int;\n`).join('');
  expect((await lint(text)).statements.length).toBe(3000);
});
