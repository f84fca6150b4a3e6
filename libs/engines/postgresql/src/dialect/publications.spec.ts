import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const tables = 'create schema s; create table t (id int primary key, a text); create table u (id int primary key);';
const published = `${tables} create publication p for table t (id, a) where (id > 1);`;

const refusalOf = async (text: string): Promise<Refusal> => {
  try {
    await postgresqlDialect.parse([{ text, file: 'schema.sql' }]);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
};

describe('publications', () => {
  it.each([
    [`${published} create publication p`, 'DSEM-2004', 'publication p', 'is defined twice'],
    [`${published} alter publication p add table t`, 'DSEM-2004', 'public.t', 'holds public.t already'],
    [`${published} alter publication p drop table u`, 'DSEM-2004', 'public.u', 'does not hold public.u'],
    [`${published} alter publication p drop tables in schema s`, 'DSEM-2004', 's', 'does not hold s'],
    [`${published} alter table t drop column a`, 'DSEM-2004', 'public.t.a', 'publication p publishes by it'],
    [`${tables} create publication p for table t (b)`, 'DSEM-2004', 'public.t.b', 'is not defined'],
    [`${tables} create publication p for table v`, 'DSEM-2004', 'public.v', 'is not defined'],
    [`${tables} create publication p for tables in schema x`, 'DSEM-2004', 'x', 'is not defined'],
    [
      `${tables} create publication p for tables in schema current_schema`,
      'DSEM-2002',
      'publication',
      'name the schema',
    ],
    [`${tables} create publication p for all tables; alter publication p add table t`, 'DSEM-2004', 'p', 'all tables'],
    [`${tables} create publication p with (publish = 'select')`, 'DSEM-2002', 'p', 'cannot publish select'],
    [`${tables} create publication p with (colour = 'red')`, 'DSEM-2002', 'p', 'option colour'],
    [`${tables} drop publication p`, 'DSEM-2004', 'p', 'is not defined'],
    [`${published} create publication q; alter publication q rename to p`, 'DSEM-2004', 'publication p', 'twice'],
  ])('%j is refused by name', async (text, code, object, words) => {
    const refusal = await refusalOf(text);
    expect([refusal.code, refusal.object]).toEqual([code, object]);
    expect(refusal.message).toContain(words);
  });
});
