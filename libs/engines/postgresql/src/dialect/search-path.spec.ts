import { pathOf, type Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const read = async (...texts: readonly string[]): Promise<readonly string[]> => {
  const { schema } = await postgresqlDialect.parse(texts.map((text, at) => ({ text, file: `${at + 1}.sql` })));
  return [...schema.types, ...schema.sequences, ...schema.tables, ...schema.views].map((one) => pathOf(one));
};

describe('names without a schema', () => {
  it.each([
    ['create table t (a int);', 'public.t'],
    ['create schema app; set search_path to app, public; create table t (a int);', 'app.t'],
    ['create schema app; set search_path to nothing, app; create table t (a int);', 'app.t'],
    ['set search_path to app; create table t (a int); create schema app;', 'app.t'],
    ['create schema app; set search_path to app; reset search_path; create table t (a int);', 'public.t'],
    ['create schema app; set search_path to app; discard all; create table t (a int);', 'public.t'],
    ['create schema app; begin; set local search_path to app; commit; create table t (a int);', 'public.t'],
    ['create schema app; begin; set search_path to app; rollback; create table t (a int);', 'public.t'],
    ['begin; create table u (a int); rollback; create table t (a int);', 'public.t'],
    ['begin; savepoint s; create table u (a int); rollback to s; create table t (a int); commit;', 'public.t'],
    [`create schema app; select set_config('search_path', 'app, public', true); create table t (a int);`, 'app.t'],
    ['create schema authorization bob create table t (a int)', 'bob.t'],
    ['create schema "A b"; set search_path to "A b"; create table t (a int);', '"A b".t'],
  ])('%s makes %s', async (text, path) => {
    expect(await read(text)).toContain(path);
    expect((await read(text)).filter((one) => one.endsWith('.u'))).toEqual([]);
  });

  it('mean what they meant at their statement, also when it has to wait for one further down', async () => {
    const text = `create schema app; create schema other;
      set search_path to app, other; create view v as select * from t; alter table t add column b int;
      set search_path to other; create table t (a int);`;
    const { schema } = await postgresqlDialect.parse([{ text }]);
    expect(schema.views.map((view) => [pathOf(view), view.columns, view.body.uses])).toEqual([
      ['app.v', ['a'], ['other.t']],
    ]);
    expect(schema.tables[0]?.columns.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('start again with public in each text', async () => {
    expect(await read('create schema app; set search_path to app;', 'create table t (a int);')).toEqual(['public.t']);
  });

  it('are not looked for by IF EXISTS, which does not wait', async () => {
    const text = `create schema app; set search_path to app, public; drop table if exists t; create table t (a int);`;
    expect(await read(text)).toEqual(['app.t']);
  });

  it('are refused where the path is empty', async () => {
    const refusal = await read(
      `select pg_catalog.set_config('search_path', '', false);\ncreate table t (a int);`,
    ).catch((error: unknown) => error as Refusal);
    expect(refusal).toMatchObject({ code: 'DSEM-2004', location: { file: '1.sql', line: 2, column: 1 } });
    expect((refusal as Refusal).message).toContain('search_path is empty');
  });
});
