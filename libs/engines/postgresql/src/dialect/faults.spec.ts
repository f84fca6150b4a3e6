import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const read = (...texts: readonly string[]) =>
  postgresqlDialect.parse(texts.map((text, at) => ({ text, file: `${at + 1}.sql` })));
const refusalsOf = async (...texts: readonly string[]): Promise<readonly string[]> => {
  const first = await read(...texts).then(
    () => undefined,
    (error: unknown) => error as Refusal,
  );
  return [first, ...(first?.others ?? [])].flatMap((one) =>
    one ? [`${one.location?.file}:${one.location?.line}:${one.location?.column} ${one.message}`] : [],
  );
};

const table = (name: string): string => `CREATE TABLE ${name} (id int PRIMARY KEY, body text DEFAULT 'x;');\n`;

describe('what is wrong with a script', () => {
  it('is told all at once, over several texts, syntax first in the order of the places', async () => {
    const found = await refusalsOf(
      `create tabel a (id int);\n${table('b')}create table c (id int,, b int);\n create table b (id int);`,
      `${table('d')}alter table d add column id int;\ncreate view v as select 1 as a from b wher id = 1;`,
    );
    expect(found).toEqual([
      '1.sql:1:8 syntax error at or near "tabel", at line 1, column 8: expected TABLE',
      '1.sql:3:24 syntax error at or near ",", at line 3, column 24: expected something between the comma and it',
      '2.sql:3:44 syntax error at or near "id", at line 3, column 44: expected WHERE',
      '1.sql:4:2 The relation public.b is defined twice.',
      '2.sql:2:1 The column public.d.id is defined twice.',
    ]);
  });

  it('is told without what only follows from it', async () => {
    const found = await refusalsOf(
      `create table a (id int, id int);\nalter table a add column b int;\ncomment on table a is 'x';\ncreate tabel z (a int);\nalter table z add b int;`,
    );
    expect(found.map((one) => one.split(' ')[0])).toEqual(['1.sql:4:8', '1.sql:1:1']);
  });

  it('stops at 20', async () => {
    expect(await refusalsOf('create tabel x (a int);\n'.repeat(1000))).toHaveLength(20);
    expect(
      await refusalsOf(Array.from({ length: 100 }, (_, at) => `alter table t${at} add a int;`).join('\n')),
    ).toHaveLength(1);
  });

  it.each([
    ['create table t (id int', 'expected a closing bracket'],
    ['create table t (id int default (1);\ncreate table u (a int);', 'expected a closing bracket'],
    ["create table t (id text default 'x);", 'unterminated quoted string'],
    ['create table t (id int,);', 'expected something between the comma and it'],
    ['crate table t (id int);', 'expected CREATE'],
    ['alter tabel t add a int;', 'expected TABLE'],
    ['create table t (id int primry key);', 'expected PRIMARY'],
    ['create table t (id int) refernces u;', 'syntax error'],
    ['create table :schema.t (id int);', 'variables and placeholders have to be replaced before'],
    ['create table ${schema}.t (id int);', 'variables and placeholders have to be replaced before'],
    ['create table `t` (`id` int);', 'this looks like MySQL'],
    ['create table t (id int auto_increment) engine=InnoDB;', 'this looks like MySQL'],
    ['create table [dbo].[t] (id int);', 'this looks like SQL Server'],
    ['create table t (id int);\nGO\ncreate table u (id int);', 'this looks like SQL Server'],
    ['create keyspace k with replication = {};', 'this looks like Cassandra'],
    ['create table t (id int primary key autoincrement);', 'this looks like SQLite'],
    ['copy t from stdin;\n1\n2\n', 'the data of COPY is cut off'],
    ['create table t (id int);\0', 'NUL character'],
  ])('%j says %j', async (text, words) => {
    expect((await refusalsOf(text))[0]).toContain(words);
  });

  it.each([
    '(',
    "'",
    '"',
    '$a$',
    '/*',
    'create table t (',
    "e'\\",
    '\\x ',
    'copy t from stdin;',
    '--',
    ';',
    '$$;',
    'begin atomic ',
  ])('comes to an end, and is told in a few short sentences: 200000 times %j', async (text) => {
    const found = await refusalsOf(`create table a (id int);\n${text.repeat(200_000)}`);
    expect(found.length).toBeLessThanOrEqual(20);
    expect(found.filter((one) => one.length > 200)).toEqual([]);
  });
});

describe('how a script is cut into statements', () => {
  it('minds strings, comments, dollar quotes, brackets and bodies', async () => {
    const { schema } = await read(
      `create table a (b text default ';', "c;" int, d text default $x$;$x$, e text default e'\\';'); -- ; create table no (a int);
      /* ; /* ; */ create table no (a int); */ create table f (g int check (g > 0));`,
    );
    expect(schema.tables.map(({ name }) => name)).toEqual(['a', 'f']);
  });

  it('counts what many statements are, at the place of the first', async () => {
    const { notes } = await read(
      `create table t (a int);\n${'insert into t values (1);\n'.repeat(1500)}update t set a = 1;\nselect 1;\n\\echo hi\nselect 2;`,
    );
    expect(notes.map(({ message, location }) => `${location?.line}: ${message}`).sort()).toEqual([
      '1502: skipped UPDATE',
      '1503: skipped SELECT (2 times, the first here)',
      '1504: skipped the psql command \\echo',
      '2: skipped INSERT (1500 times, the first here)',
    ]);
  });

  it.each([
    ['\\i other.sql', 'DSEM-2002', 'give that file as well'],
    ["select 'create table t (a int)' \\gexec", 'DSEM-2002', '\\gexec'],
    ['\\if :x\ncreate table t (a int);\n\\endif', 'DSEM-2002', '\\if'],
  ])('%j is refused, as it decides what is run', async (text, code, words) => {
    const refusal = await read(text).catch((error: unknown) => error as Refusal);
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(words) as string });
  });

  it('reads over psql commands between and inside statements', async () => {
    const { schema } = await read(
      '\uFEFF\\restrict abc\n\\set ON_ERROR_STOP on\ncreate table t (\n\\echo inside\na int);\nselect 1 \\g\ncreate table u (a int);\n\\unrestrict abc\n',
    );
    expect(schema.tables.map(({ name }) => name)).toEqual(['t', 'u']);
  });
});
