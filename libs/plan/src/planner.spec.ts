import { postgresqlDialect } from '@dsem/engine-postgresql';
import { digest, emptySchema, type Schema, UnsupportedChange } from '@dsem/schema';
import { hashOf } from './hash.js';
import { plan } from './planner.js';

const read = async (text: string): Promise<Schema> => (await postgresqlDialect.parse([{ text }])).schema;
const between = async (from: string, to: string, version = '18') =>
  plan({ dialect: postgresqlDialect, from: await read(from), to: await read(to), version });

describe('the planner', () => {
  it('makes the same plan again, bound to its content by its hash', async () => {
    const from = 'create table t (a int); create table u (b int);';
    const to = 'create table t (a int not null, c text); create index i on t (c);';
    const [one, other] = [await between(from, to), await between(from, to)];
    expect(one).toEqual(other);
    expect(hashOf(JSON.parse(JSON.stringify(one)) as typeof one)).toBe(one.hash);
    expect(hashOf({ ...one, steps: one.steps.slice(1) })).not.toBe(one.hash);
    expect(one.destructive).toBe(true);
    expect(one.findings.filter(({ hazard }) => hazard === 'data-loss').map(({ object }) => object)).toEqual([
      'public.u',
    ]);
  });

  it('needs no step between equal states', async () => {
    const made = await between('create table t (a varchar(4));', 'create table t (a character varying(4));');
    expect(made).toMatchObject({ steps: [], changes: [], destructive: false });
    expect(made.from).toEqual(made.to);
  });

  it('judges what happens to a new table as harmless', async () => {
    const made = plan({
      dialect: postgresqlDialect,
      from: emptySchema('postgresql'),
      to: await read(
        'create table a (id int primary key, b_id int not null unique check (b_id > 0)); create index on a (b_id);',
      ),
    });
    expect(made.findings).toEqual([]);
    expect(made.steps.map(({ kind, lock, transactional }) => [kind, lock.blocks, transactional])).toEqual([
      ['create-table', 'none', true],
    ]);
    expect(made.from.digest).toBe(digest(emptySchema('postgresql')));
  });

  it('gives brief locks a time limit and long builds none', async () => {
    const made = await between('create table t (a int);', 'create table t (a int, b int); create index i on t (a);');
    expect(made.steps.map(({ kind, timeouts }) => [kind, timeouts])).toEqual([
      ['add-column', { lockMs: 3000, statementMs: 30_000 }],
      ['create-index', { lockMs: 3000, statementMs: 0 }],
    ]);
  });

  it.each([
    ['create table t (a int) partition by range (a);', 'create table t (a int) partition by list (a);', 'public.t'],
    [
      'create type m as (a int, b int); create table t (m m[]);',
      'create type m as (b int, a int); create table t (m m[]);',
      'public.m',
    ],
    [
      "create function f(a int) returns bool language sql immutable as 'select a > 0'; create domain d as int check (f(value));",
      "create function f(b int) returns bool language sql immutable as 'select b > 0'; create domain d as int check (f(value));",
      'public.d',
    ],
  ])('refuses %j -> %j by name', async (from, to, object) => {
    await expect(between(from, to)).rejects.toBeInstanceOf(UnsupportedChange);
    await expect(between(from, to)).rejects.toMatchObject({ object });
  });

  it('refuses what the target version does not know', async () => {
    const to = 'create table t (a int, b int generated always as (a + 1) virtual);';
    await expect(between('create table t (a int);', to, '17')).rejects.toThrow('needs PostgreSQL 18');
    await expect(between('create table t (a int);', to, '18')).resolves.toMatchObject({ engineVersion: '18' });
  });

  it.each([
    ['a table', 'create table t (a int);', 'create table t (a int); create table u (b int);', ['public.u']],
    ['a column', 'create table t (a int);', 'create table t (a int, b text);', ['public.t.b']],
    ['a type that held more', 'create table t (a int);', 'create table t (a text);', ['public.t.a']],
    [
      'nothing, where only an index came',
      'create table t (a int);',
      'create table t (a int); create index on t (a);',
      [],
    ],
    ['nothing, where a column went', 'create table t (a int, b int);', 'create table t (a int);', []],
    ['nothing, where the rule is about new rows', 'create table t (a int);', 'create table t (a int not null);', []],
  ])('says what the way back destroys: %s', async (_, from, to, lost) => {
    const { steps } = await between(from, to);
    const losses = steps.flatMap(({ reverseLosses = [] }) => reverseLosses);
    expect(losses.map(({ object }) => object)).toEqual(lost);
    expect(losses.every(({ hazard }) => hazard === 'data-loss')).toBe(true);
    for (const step of steps) expect('reverseLosses' in step).toBe((step.reverseLosses ?? []).length > 0);
  });

  it('says why a step has no way back', async () => {
    const made = await between("create extension hstore version '1.6';", "create extension hstore version '1.7';");
    expect(made.steps).toMatchObject([
      { reverse: null, irreversibleBecause: expect.stringContaining('cannot go back from version 1.7') as string },
    ]);
  });
});
