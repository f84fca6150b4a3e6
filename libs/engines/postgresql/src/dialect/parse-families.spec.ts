import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

const split = 'create table t (a int not null, b int) partition by range (a);';
const parted = `${split} create table p partition of t for values from (0) to (10);`;

describe('reading families of tables', () => {
  it.each([
    [
      'create table t (a int, b int unique) partition by range (a)',
      'public.t.t_b_key',
      'must contain the partition key public.t.a',
    ],
    [
      'create table t (a int primary key) partition by range ((a + 1))',
      'public.t.t_pkey',
      'partitioned by the expression',
    ],
    [
      `${split} create table p partition of t for values from (0) to (9) partition by list (b); alter table t add primary key (a)`,
      'public.t.t_pkey',
      'must contain the partition key public.p.b',
    ],
    ['create table t (a int); create table p partition of t default', 'public.t', 'is not partitioned'],
    [`${split} create table p (a int) inherits (t)`, 'public.t', 'No table can inherit from public.t'],
    [`${split} create table p (a int); alter table t attach partition p default`, 'public.p', 'only one of them has b'],
    [`${parted} alter table t attach partition p default`, 'public.p', 'has a parent already'],
    [
      `${parted} create index i on t (b); drop index p_b_idx`,
      'public.p_b_idx',
      'belongs to an index of the partitioned table',
    ],
    ['create table a (x int); create table b () inherits (a); drop table a', 'public.a', 'public.b inherits from it'],
    [
      'create table a (x int); create table b (x int); alter table b no inherit a',
      'public.b',
      'does not inherit from public.a',
    ],
    ['create table a (x int, y int); create table b (x int); alter table b inherit a', 'public.b', 'it has no y'],
    [
      'create table a (x int); create table b () inherits (a); alter table only a add column y int',
      'public.a',
      'must be added to the tables below',
    ],
    [
      'create table a (x int); create table b (x bigint) inherits (a)',
      'public.b.x',
      'it is bigint here and integer in the parent',
    ],
  ])('%j contradicts itself', async (text, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual(['DSEM-2004', object]);
    expect(refusal.message).toContain(words);
  });

  it.each([
    [
      `${split} create table p partition of t for values from (length('x')) to (10)`,
      'public.p',
      'computed when the partition is made',
    ],
    [`${parted} alter table only t add primary key (a)`, 'public.t.t_pkey', 'needs ALTER INDEX ... ATTACH PARTITION'],
    [
      `${split} create table p partition of t default; alter table t detach partition p concurrently`,
      'public.p',
      'Only a server knows',
    ],
  ])('%j is refused by the name of its object', async (text, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual(['DSEM-2002', object]);
    expect(refusal.message).toContain(words);
  });

  it('lets a detached partition keep what it had, and the check that detaching online leaves', async () => {
    const text = `${parted} create index on t (b); alter table t detach partition p concurrently`;
    const { schema } = await postgresqlDialect.parse([{ text }]);
    const table = schema.tables.find(({ name }) => name === 'p');
    expect(table?.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(table?.indexes.map(({ name }) => name)).toEqual(['p_b_idx']);
    expect(table?.checks).toEqual([{ name: 'p_a_check', expression: 'a IS NOT NULL AND a >= 0 AND a < 10' }]);
  });
});
