import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const read = (text: string) => postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await read(text);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

describe('reading PostgreSQL DDL', () => {
  it.each([
    ['create tabel x;', 'DSEM-2001', 1, 8, 'syntax error at or near "tabel"'],
    ['select 1;\n\ncreate table é (a int,, b int)', 'DSEM-2001', 3, 23, 'at or near ","'],
    ['create table t (a int', 'DSEM-2001', 1, 22, 'end of input'],
    ['create table t (a int);\n -- note\n create table t (b int);', 'DSEM-2004', 3, 2, 'public.t is defined twice'],
    ['create table t (a int, a text);', 'DSEM-2004', 1, 1, 'public.t.a is defined twice'],
    ['alter table nope add column a int;', 'DSEM-2004', 1, 1, 'public.nope is not defined'],
    ['create table t (a int references nope);', 'DSEM-2004', 1, 1, 'public.nope is not defined'],
    ['create table t (like u);', 'DSEM-2004', 1, 1, 'public.u is not defined'],
    [
      'create table t (a int); create view v as select a from t; drop table t;',
      'DSEM-2004',
      1,
      59,
      'public.v reads it',
    ],
    [
      'create table t (a int primary key, b int references t); create table u (a int references t);\ndrop table t;',
      'DSEM-2004',
      2,
      1,
      'public.u.u_a_fkey refers to it',
    ],
    [
      'create table t (a int, b int); create view v as select a from t;\nalter table t drop b, drop a;',
      'DSEM-2004',
      2,
      1,
      'public.v reads it',
    ],
    [
      'create table t (a int primary key); create table u (a int references t);\nalter table t drop constraint t_pkey;',
      'DSEM-2004',
      2,
      1,
      'public.u.u_a_fkey needs it',
    ],
    [
      'create table t (a int, b int generated always as (a) stored);\nalter table t drop a;',
      'DSEM-2004',
      2,
      1,
      'public.t.b is computed from it',
    ],
    ["create type e as enum ('x'); create table t (a e);\ndrop type e;", 'DSEM-2004', 2, 1, 'public.t.a is of it'],
    [
      "create type e as enum ('x'); create function f(e) returns int language sql as '';\ndrop type e;",
      'DSEM-2004',
      2,
      1,
      'public.f(public.e) names it',
    ],
    [
      "create type e as enum ('x'); create function f() returns setof e[] language sql as '';\ndrop type e;",
      'DSEM-2004',
      2,
      1,
      'public.f() names it',
    ],
    [
      "create type e as enum ('x'); create view v as select 'x'::e as a;\ndrop type e;",
      'DSEM-2004',
      2,
      1,
      'the view public.v names it',
    ],
    [
      "create type e as enum ('x'); create table t (a text default 'x'::e);\ndrop type e;",
      'DSEM-2004',
      2,
      1,
      'the default of public.t.a names it',
    ],
    ['create table t (a serial);\ndrop sequence t_a_seq;', 'DSEM-2004', 2, 1, 'public.t.a draws from it'],
    ['create schema s; create table s.t (a int);\ndrop schema s;', 'DSEM-2004', 2, 1, 'it holds s.t'],
    ['create table t (a int, b int); alter table t rename a to b;', 'DSEM-2004', 1, 32, 'public.t.b is defined twice'],
    [
      'create table t (a int); create table u (a int); alter table t rename to u;',
      'DSEM-2004',
      1,
      49,
      'public.u is defined twice',
    ],
    ["create table t (a int); comment on column t.b is 'x';", 'DSEM-2004', 1, 25, 't.b'],
    ['create policy p on t using (true)', 'DSEM-2004', 1, 1, 'public.t'],
    ['grant select on t to bob', 'DSEM-2004', 1, 1, 'public.t'],
    ['create table t (a int);\ngrant select (b) on t to bob', 'DSEM-2004', 2, 1, 'public.t.b'],
    ['create table t (a int);\ngrant usage on t to bob', 'DSEM-2004', 2, 1, 'USAGE'],
    ['grant usage on schema app to bob', 'DSEM-2004', 1, 1, 'app'],
    ['alter default privileges in schema app grant select on tables to bob', 'DSEM-2004', 1, 1, 'app'],
    ['alter default privileges grant usage on tables to bob', 'DSEM-2004', 1, 1, 'USAGE'],
    ['alter default privileges for role current_user grant select on tables to bob', 'DSEM-2002', 1, 1, 'CURRENT_USER'],
    ['create sequence s;\ngrant select (a) on s to bob', 'DSEM-2004', 2, 1, 'have columns'],
    ['create table t (a int);\nalter policy p on t using (true)', 'DSEM-2004', 2, 1, 'public."t.p"'],
    ['create table t (a int);\ndrop policy p on t', 'DSEM-2004', 2, 1, 'public."t.p"'],
    ["create table t (a int);\ncomment on policy p on t is 'x'", 'DSEM-2004', 2, 1, 'public."t.p"'],
    ['create table t (a int); create policy p on t;\ncreate policy p on t;', 'DSEM-2004', 2, 1, 'public.t.p'],
    [
      'create table t (a int); create policy p on t; create policy q on t;\nalter policy p on t rename to q;',
      'DSEM-2004',
      2,
      1,
      'public.t.q',
    ],
    ['create table t (a int);\ncreate policy p on t for insert using (true)', 'DSEM-2004', 2, 1, 'WITH CHECK'],
    ['create table t (a int);\ncreate policy p on t for select with check (true)', 'DSEM-2004', 2, 1, 'WITH CHECK'],
    ['create table t (a int);\ncreate policy p on t using (a in (select b from u))', 'DSEM-2004', 2, 1, 'public.u'],
    ['create table t (a int);\ncreate policy p on t to current_user', 'DSEM-2002', 2, 1, 'CURRENT_USER'],
    [
      'create table t (a int); create policy p on t using (a > 1);\nalter table t drop column a',
      'DSEM-2004',
      2,
      1,
      'public.t.p names it',
    ],
    [
      'create table t (a int); create table u (b int);\n' +
        'create policy p on t using (exists (select from u where u.b = a));\ndrop table u',
      'DSEM-2004',
      3,
      1,
      'public.t.p reads it',
    ],
  ])('%j is refused with %s at line %d, column %d', async (text, code, line, column, words) => {
    const refusal = await refusalOf(text);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(words);
    expect(refusal.location).toEqual({ file: 'schema.sql', line, column });
  });

  it.each([
    ['create table t (a int); create rule r as on select to t do instead select 1', 'public.t'],
    ['create table t (a int); grant select on t to current_user', 'public.t'],
    ['create aggregate f (int) (sfunc = int4pl, stype = int, colour = red)', 'public.f'],
    ['create function f() returns int language sql set search_path from current as $$ select 1 $$', 'public.f()'],
    ["create event trigger x on ddl_command_end when colour in ('red') execute function f()", 'x'],
    ['create type b (input = f, output = g)', 'public.b'],
    ['create type b', 'public.b'],
    ['create type r as range (subtype = integer, canonical = f)', 'public.r'],
    ['create table a as select 1 as x', 'public.a'],
    ['create temp table t (a int)', 'public.t'],
  ])('%j is refused by the name of its object', async (text, object) => {
    const refusal = await refusalOf(text);
    expect(refusal.code).toBe('DSEM-2002');
    expect(refusal.object).toBe(object);
    expect(refusal.location?.file).toBe('schema.sql');
  });

  it('notes privileges that are no part of a definition', async () => {
    const { schema, notes } = await read('grant connect on database d to bob; grant all on schema public to public;');
    expect(schema.grants).toEqual([]);
    expect(notes.map(({ message }) => message)).toEqual([
      'skipped a privilege on a database: it is not part of a definition',
      'skipped CREATE of PUBLIC on schema public: its default depends on the version',
    ]);
  });

  it('notes what says nothing about the state, with its place', async () => {
    const text = [
      "insert into t values ('it''s');",
      '\\connect other',
      'begin; set search_path = x;',
      'copy t (a) from stdin;',
      'create table not_read (a int);',
      '\\.',
      'create table t (a int);',
    ].join('\n');
    const { schema, notes } = await read(text);
    expect(schema.tables.map(({ name }) => name)).toEqual(['t']);
    expect(notes.map(({ message, location }) => `${location?.line}: ${message}`).sort()).toEqual([
      '1: skipped INSERT',
      '2: skipped the psql command \\connect',
      '3: skipped SET',
      '3: skipped transaction control',
      '4: skipped COPY',
      '4: skipped the data of a COPY statement',
    ]);
  });

  it('reads statements in any workable order, over several files', async () => {
    const { schema } = await postgresqlDialect.parse([
      { text: 'create view v as select * from t; create index on t (a); alter table t add primary key (a);' },
      {
        text: "comment on table t is 'late'; create table t (a int, b int references u); create table u (id int primary key);",
      },
    ]);
    expect(schema.views[0]?.columns).toEqual(['a', 'b']);
    expect(schema.tables[0]?.comment).toBe('late');
    expect(schema.tables[0]?.foreignKeys[0]?.references).toEqual({ namespace: 'public', name: 'u', columns: ['id'] });
  });

  it('adds up what statements do and undo', async () => {
    const { schema } = await read(`
      create type e as enum ('a', 'c'); alter type e add value 'b' before 'c'; alter type e rename value 'c' to 'd';
      create table t (a int, b serial, c e default 'a', check (a > 0), unique (a)); create index i on t (c);
      alter table t rename column a to z; alter table t rename to s; alter table s drop column b;
      alter index i rename to j; drop view if exists nothing; create sequence q; drop sequence q;
      create schema other; alter table s set schema other; alter table other.s drop constraint t_a_key;`);
    const [table] = schema.tables;
    expect(schema.types[0]).toMatchObject({ labels: ['a', 'b', 'd'] });
    expect(schema.sequences).toEqual([]);
    expect(table).toMatchObject({ namespace: 'other', name: 's', uniques: [] });
    expect(table?.columns.map(({ name }) => name)).toEqual(['z', 'c']);
    expect(table?.checks).toEqual([{ name: 't_a_check', expression: 'z > 0' }]);
    expect(table?.indexes.map(({ name }) => name)).toEqual(['j']);
  });

  it.each([
    ['drop column', 'alter table t drop column b cascade', ['id']],
    ['drop view', 'drop view v cascade; alter table t drop b', ['id']],
    ['drop table', 'drop table u cascade', ['id', 'b']],
  ])('%s with CASCADE takes along what needs it', async (_, statements, columns) => {
    const { schema } = await read(`
      create table u (id int primary key); create table t (id int references u, b int);
      create view v as select b from t; create view w as select b from v; create view x as select t.id from u join t using (id);
      ${statements};`);
    expect(schema.tables.find(({ name }) => name === 't')?.columns.map(({ name }) => name)).toEqual(columns);
    expect(schema.views.map(({ name }) => name)).toEqual(statements.includes('table u') ? ['v', 'w'] : ['x']);
  });

  it('lets views of views follow a renamed column, each keeping the names of its own columns', async () => {
    const { schema } = await read(`create table t (a int, b int); create view v as select a, b as c from t where a > 0;
      create view w as select v.a from v, (select a from t) s where s.a = v.a; alter table t rename a to z; alter table t rename to s;`);
    expect(schema.views.map(({ columns, body }) => [columns, body.uses])).toEqual([
      [['a', 'c'], ['public.s']],
      [['a'], ['public.s', 'public.v']],
    ]);
    expect(schema.views[0]?.body.text).toBe('SELECT s.z AS a, s.b AS c FROM public.s WHERE s.z > 0');
    expect(schema.views[1]?.body.text).toContain('SELECT s_1.z AS a FROM public.s AS s_1');
  });

  it('chooses the names the server would choose', async () => {
    const [long, other] = ['x'.repeat(70), 'y'.repeat(70)];
    const { schema } = await read(`
      create table ${long} (${other} serial unique, check (${'y'.repeat(63)} > 0));
      create table t (a int check (a > 0) check (a < 9), b int, check (a > b), check (1 = 1), unique (a, b), unique (b, a));
      create index on t (a, a); create index on t (lower(a::text), (a + b)); create index on t (a) include (b); create index on t (a);`);
    const [t, longest] = [
      schema.tables.find(({ name }) => name === 't'),
      schema.tables.find(({ name }) => name !== 't'),
    ];
    expect(schema.sequences[0]?.name).toBe(`${'x'.repeat(29)}_${'y'.repeat(29)}_seq`);
    expect(longest?.uniques[0]?.name).toBe(`${'x'.repeat(29)}_${'y'.repeat(29)}_key`);
    expect(longest?.checks[0]?.name).toBe(`${'x'.repeat(28)}_${'y'.repeat(28)}_check`);
    expect(t?.checks.map(({ name }) => name)).toEqual(['t_a_check', 't_a_check1', 't_check', 't_check1']);
    expect(t?.uniques.map(({ name }) => name)).toEqual(['t_a_b_key', 't_b_a_key']);
    expect(t?.indexes.map(({ name }) => name)).toEqual(['t_a_a1_idx', 't_a_b_idx', 't_a_idx', 't_lower_expr_idx']);
  });
});
